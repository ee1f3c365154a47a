internal import SimilarityKernels
internal import _CKernelSums

/// One thread's walk through the tree with a group of queries.
///
/// At each node all queries of the group are tested, a register of them at a time. Queries whose
/// windows exclude the node skip it, and queries whose windows contain it add its moments; the others
/// go on to its halves. In a leaf they weigh the keys, one query after another while the keys are in
/// the first-level cache.
final class TreeWalk {
  private let tree: KeyTree
  private let moments: NodeMoments?
  private let coefficients: MomentCoefficients?
  private let pass: TilePass
  private let search: NearbySearch
  private let windows: NodeWindows
  /// For each query and each sum, a register of the nodes' contributions.
  private let lanes: AlignedMemory
  private let laneCount: Int
  /// The number of additions to a query's lanes since they were cleared.
  private let additions: UnsafeMutableBufferPointer<Int>
  private let pending: UnsafeMutableBufferPointer<(node: Int, queries: UInt64)>

  /// The number of additions, each of a leaf's keys, after which lanes are moved to compensated sums.
  private static var greatestAdditions: Int { 32 }

  init(
    _ tree: KeyTree, moments: NodeMoments?, similarity: Similarity,
    instructions: InstructionSet
  ) {
    self.tree = tree
    self.moments = moments
    let engine = DirectEngine(tree.columns, similarity: similarity)
    pass = TilePass(engine, instructions: instructions)
    search = NearbySearch(tree, similarity: similarity)
    windows = NodeWindows(similarity, moments?.weight, instructions)
    coefficients = moments.map {
      MomentCoefficients($0.weight, inverseBandwidths: engine.inverseBandwidths)
    }
    laneCount = (tree.columns.columns.columnCount + 2) * Int(NADARAYA_PADDING)
    lanes = AlignedMemory(count: NodeWindows.capacity * laneCount)
    additions = .allocate(capacity: NodeWindows.capacity)
    additions.initialize(repeating: 0)
    // One half of each node on the way down is pending.
    pending = .allocate(capacity: tree.depth + 2)
    pending.initialize(repeating: (0, 0))
  }

  deinit {
    pending.deallocate()
    additions.deallocate()
  }

  /// Writes the sums of a group of queries.
  func sums(
    of group: ArraySlice<DirectEngine.BlockQuery>, squares: Bool, into results: UnsafeSums
  ) {
    for (slot, query) in group.enumerated() { windows.set(slot, to: query.coordinates) }
    pass.start(queryCount: group.count)
    group.withUnsafeBufferPointer { walk($0, squares: squares) }
    for (slot, query) in group.enumerated() {
      finish(query, slot: slot, squares: squares, into: results)
    }
  }

  private func walk(
    _ group: UnsafeBufferPointer<DirectEngine.BlockQuery>, squares: Bool
  ) {
    pending[0] = (1, ~0)
    var waiting = 1
    while waiting > 0 {
      waiting -= 1
      let (node, queries) = pending[waiting]
      guard tree.logLargest(of: node)[0] > -.infinity else { continue }
      let reach = windows.reach(tree.box(of: node), count: group.count)
      var open = reach.touched & queries
      var inside = moments == nil ? 0 : reach.inside & open
      let run = tree.run(of: node)
      while inside != 0 {
        let slot = inside.trailingZeroBitCount
        inside &= inside - 1
        if let own = group[slot].excluded, run.contains(own) { continue }
        open &= ~(1 << UInt64(slot))
        take(node, group[slot].coordinates, slot)
      }
      guard open != 0 else { continue }
      if tree.isLeaf(node) {
        weigh(run, group, open, squares: squares)
      } else {
        pending[waiting] = (2 * node + 1, open)
        pending[waiting + 1] = (2 * node, open)
        waiting += 2
      }
    }
  }

  /// Adds a leaf's keys to the sums of some queries.
  private func weigh(
    _ run: Range<Int>, _ group: UnsafeBufferPointer<DirectEngine.BlockQuery>, _ queries: UInt64,
    squares: Bool
  ) {
    pass.moveTo(run.lowerBound)
    var queries = queries
    while queries != 0 {
      let slot = queries.trailingZeroBitCount
      queries &= queries - 1
      pass.weigh(query: group[slot].coordinates, tile: run, excluding: group[slot].excluded)
      pass.accumulate(tile: run, squares: squares, lanes: room(slot))
    }
  }

  /// Adds a node to a query's sums, using its moments.
  private func take(_ node: Int, _ query: UnsafeBufferPointer<Double>, _ slot: Int) {
    guard let moments, let coefficients else { return }
    pass.loops.nodes.take_node(
      moments.weight.featureCount,
      coefficients.coefficients(query: query, box: tree.box(of: node)),
      tree.columns.columns.columnCount + 1, moments.moments(of: node), room(slot))
  }

  /// The lanes of a query, cleared first if they have had many additions.
  private func room(_ slot: Int) -> UnsafeMutablePointer<Double> {
    let start = lanes.base + slot * laneCount
    additions[slot] += 1
    if additions[slot] > Self.greatestAdditions {
      pass.add(start, to: slot)
      additions[slot] = 0
    }
    return start
  }

  private func finish(
    _ query: DirectEngine.BlockQuery, slot: Int, squares: Bool, into results: UnsafeSums
  ) {
    pass.add(lanes.base + slot * laneCount, to: slot)
    additions[slot] = 0
    pass.finish(slot, squares: squares, into: results, at: query.place)
    guard pass.engine.needsAnchor(results.weights[query.place]) else { return }
    search.queries.enclose(query.coordinates)
    let runs = search.runs(excluding: query.excluded.map { [$0] } ?? []).runs
    pass.engine.anchoredSums(
      of: query, over: runs, squares: squares, pass: pass, into: results)
  }
}
