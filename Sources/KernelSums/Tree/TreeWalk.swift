internal import SimilarityKernels
internal import _CKernelSums

/// One thread's walk through the tree with a group of queries that lie close together.
final class TreeWalk {
  private let tree: KeyTree
  private let moments: NodeMoments?
  private let coefficients: MomentCoefficients?
  private let pass: TilePass
  private let search: NearbySearch
  /// The box around the group, and around one query of it.
  private let groupBox: QueryBox
  private let queryBox: QueryBox
  /// For each query and each sum a register of what nodes gave.
  private let lanes: AlignedMemory
  private let sumCount: Int
  private var pending: [Int] = []

  init(
    _ tree: KeyTree, moments: NodeMoments?, similarity: Similarity,
    instructions: InstructionSet
  ) {
    self.tree = tree
    self.moments = moments
    let engine = DirectEngine(tree.columns, similarity: similarity)
    pass = TilePass(engine, instructions: instructions)
    search = NearbySearch(tree, similarity: similarity)
    groupBox = QueryBox(inverseBandwidths: engine.inverseBandwidths)
    queryBox = QueryBox(inverseBandwidths: engine.inverseBandwidths)
    coefficients = moments.map {
      MomentCoefficients($0.weight, inverseBandwidths: engine.inverseBandwidths)
    }
    sumCount = tree.columns.columns.columnCount + 1
    lanes = AlignedMemory(
      count: NearbyDirect.groupLength * sumCount * Int(NADARAYA_PADDING))
  }

  /// Writes the sums of a group of queries, or of its halves where the whole lies too far apart.
  func sums(
    of group: ArraySlice<DirectEngine.BlockQuery>, squares: Bool, into results: UnsafeSums
  ) {
    guard let first = group.first else { return }
    groupBox.enclose(first.coordinates)
    for query in group.dropFirst() { groupBox.extend(by: query.coordinates) }
    guard group.count == 1 || isNarrow(first) else {
      let middle = (group.startIndex + group.endIndex) / 2
      sums(of: group[..<middle], squares: squares, into: results)
      sums(of: group[middle...], squares: squares, into: results)
      return
    }
    pass.start(queryCount: group.count)
    lanes.base.update(repeating: 0, count: group.count * sumCount * Int(NADARAYA_PADDING))
    walk(group, squares: squares)
    for (slot, query) in group.enumerated() {
      finish(query, slot: slot, squares: squares, into: results)
    }
  }

  /// Whether the box around the group is about as narrow as a leaf, or narrow against the windows.
  private func isNarrow(_ first: DirectEngine.BlockQuery) -> Bool {
    let box = tree.box(of: tree.leaf(of: first.coordinates))
    return (0..<tree.dimension).allSatisfy {
      groupBox.width($0) <= max(0.25, 2 * groupBox.halfWidth(box, $0))
    }
  }

  private func walk(_ group: ArraySlice<DirectEngine.BlockQuery>, squares: Bool) {
    let excluded = group.reduce(into: (least: Int.max, greatest: -1)) { range, query in
      guard let own = query.excluded else { return }
      range = (min(range.least, own), max(range.greatest, own))
    }
    pending.removeAll(keepingCapacity: true)
    pending.append(1)
    while let node = pending.popLast() {
      let box = tree.box(of: node)
      guard search.mayReach(node, from: groupBox) else { continue }
      let run = tree.run(of: node)
      if let moments, run.upperBound <= excluded.least || run.lowerBound > excluded.greatest,
        moments.weight.canTake(box, groupBox)
      {
        for (slot, query) in group.enumerated() { take(node, box, query.coordinates, slot) }
      } else if tree.isLeaf(node) {
        open(node, box, run, group, squares: squares)
      } else {
        pending.append(2 * node + 1)
        pending.append(2 * node)
      }
    }
  }

  /// Adds a leaf to the sums of the queries that it matters to.
  private func open(
    _ leaf: Int, _ box: UnsafePointer<Double>, _ run: Range<Int>,
    _ group: ArraySlice<DirectEngine.BlockQuery>, squares: Bool
  ) {
    pass.moveTo(run.lowerBound)
    var slot = 0
    for query in group {
      defer { slot += 1 }
      queryBox.enclose(query.coordinates)
      guard search.mayReach(leaf, from: queryBox) else { continue }
      let holdsOwn = query.excluded.map(run.contains) ?? false
      if let moments, !holdsOwn, moments.weight.canTake(box, queryBox) {
        take(leaf, box, query.coordinates, slot)
      } else {
        pass.weigh(query: query.coordinates, tile: run, excluding: query.excluded)
        pass.accumulate(into: slot, tile: run, squares: squares)
      }
    }
  }

  /// Adds a node to a query's sums by its moments.
  private func take(
    _ node: Int, _ box: UnsafePointer<Double>, _ query: UnsafeBufferPointer<Double>, _ slot: Int
  ) {
    guard let moments, let coefficients else { return }
    pass.loops.take_node(
      moments.weight.featureCount, coefficients.coefficients(query: query, box: box), sumCount,
      moments.moments(of: node), lanes.base + slot * sumCount * Int(NADARAYA_PADDING))
  }

  private func finish(
    _ query: DirectEngine.BlockQuery, slot: Int, squares: Bool, into results: UnsafeSums
  ) {
    let width = Int(NADARAYA_PADDING)
    for sum in 0..<sumCount {
      let lanes = lanes.base + (slot * sumCount + sum) * width
      pass.add((0..<width).reduce(0) { $0 + lanes[$1] }, toSum: sum, of: slot)
    }
    pass.finish(slot, squares: squares, into: results, at: query.place)
    guard pass.engine.needsAnchor(results.weights[query.place]) else { return }
    search.queries.enclose(query.coordinates)
    let runs = search.runs(excluding: query.excluded.map { [$0] } ?? []).runs
    pass.engine.anchoredSums(
      of: query, over: runs, squares: squares, pass: pass, into: results)
  }
}
