internal import RealModule
internal import SimilarityKernels

/// The processing of one run of queries by the blocks of time.
///
/// Queries are processed in the order of their leaves, so that the queries of each block are
/// contiguous.
struct CausalPass {
  private let engine: CausalEngine
  private let queries: Points
  /// The index of the first query.
  private let first: Int
  private let omission: Omission
  private let squares: Bool
  private let execution: Execution
  private var sums: GroupSums

  /// The queries in the order of their leaves, counted from the first of the run; queries before all
  /// keys are left out.
  private let order: [Int32]
  /// Where the queries of each leaf begin in that order, then the number of queries.
  private let starts: [Int]
  /// The queries in that order.
  private let ordered: Points

  private var problem: KernelSumProblem { engine.problem }

  init(
    _ engine: CausalEngine, queries: Points, range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution, results: UnsafeSums
  ) {
    self.engine = engine
    self.queries = queries
    first = range.lowerBound
    self.omission = omission
    self.squares = squares
    self.execution = execution
    sums = GroupSums(results, squares: squares)
    let (blocks, dimension) = (engine.blocks, queries.dimension)
    let coordinates = queries.coordinates
    let leaves = [Int32](unsafeUninitializedCapacity: range.count) { leaves, used in
      let leaves = leaves
      coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachBlock(of: range.count, atMost: 1 << 14) { block in
          for slot in block {
            let query = range.lowerBound + slot
            leaves.initializeElement(
              at: slot,
              to: omission == .own
                ? blocks.places[query].leaf
                : Int32(blocks.leaf(at: coordinates[query * dimension])))
          }
        }
      }
      used = range.count
    }
    // A counting sort: where the queries of each leaf start, then each query to its place.
    var starts = [Int](repeating: 0, count: blocks.leaves.count + 1)
    for leaf in leaves where leaf >= 0 { starts[Int(leaf) + 1] += 1 }
    for leaf in blocks.leaves.indices { starts[leaf + 1] += starts[leaf] }
    var next = starts
    var order = [Int32](repeating: 0, count: starts[blocks.leaves.count])
    for (slot, leaf) in leaves.enumerated() where leaf >= 0 {
      order[next[Int(leaf)]] = Int32(slot)
      next[Int(leaf)] += 1
    }
    self.starts = starts
    self.order = order
    ordered = queries.rows(order.lazy.map { range.lowerBound + Int($0) }, count: order.count)
  }

  /// Adds the keys of each query's own leaf.
  mutating func addLeaves() {
    let visited = engine.blocks.leaves.indices.filter {
      starts[$0] < starts[$0 + 1] && engine.wideLeaves[$0] == nil
        && engine.blocks.leaves[$0].logSums[0] > -.infinity
    }
    let found = AnchoredSums(
      count: order.count, columnCount: problem.sumCount, execution: execution
    ) { found in
      ordered.coordinates.withUnsafeBufferPointer { coordinates in
        execution.unreported.forEachBlock(
          of: visited.count, atMost: 8, scratch: { () }
        ) { block, _ in
          for place in block { sumLeaf(visited[place], at: coordinates, into: found) }
        }
      }
    }
    for leaf in visited {
      let run = starts[leaf]..<starts[leaf + 1]
      let problem = engine.blocks.leaves[leaf].problem
      sums.add(found, run, logScale: problem.orders.weights(problem).logScale, to: order[run])
    }
    for (leaf, wide) in engine.wideLeaves.sorted(by: { $0.key < $1.key })
    where starts[leaf] < starts[leaf + 1] {
      addWideLeaf(leaf, wide)
    }
  }

  private func sumLeaf(
    _ leaf: Int, at coordinates: UnsafeBufferPointer<Double>, into found: UnsafeSums
  ) {
    let block = engine.blocks.leaves[leaf]
    let direct = DirectEngine(
      block.problem.weighed(by: problem.similarity).ofDegree(problem.degree))
    let pass = TilePass(direct, instructions: execution.instructions)
    let times = pass.stored.keys.column(0)
    let run = starts[leaf]..<starts[leaf + 1]
    for start in stride(from: run.lowerBound, to: run.upperBound, by: DirectEngine.blockLength) {
      let part = start..<min(start + DirectEngine.blockLength, run.upperBound)
      let queries = part.map { place in
        DirectEngine.BlockQuery(
          coordinates: coordinates.row(place, ordered.dimension),
          excluded: omission == .own
            ? Int(engine.blocks.places[first + Int(order[place])].place) : nil,
          place: place)
      }
      direct.sums(
        of: queries, times: UnsafeBufferPointer(start: times, count: pass.stored.keyCount),
        squares: squares, pass: pass, into: found)
    }
  }

  /// Adds all keys of a leaf of a single time.
  private mutating func addWideLeaf(_ leaf: Int, _ wide: any KernelSumEngine) {
    let run = starts[leaf]..<starts[leaf + 1]
    let block = engine.blocks.leaves[leaf].problem
    let logScale = block.orders.weights(block).logScale
    guard omission == .own else {
      let found = wide.sums(
        at: ordered, in: run, omission: .none, squares: squares, execution: execution.unreported)
      return sums.add(found, found.indices, logScale: logScale, to: order[run])
    }
    let places = run.map { Int(engine.blocks.places[first + Int(order[$0])].place) }
    guard let least = places.min(), let greatest = places.max() else { return }
    let found = wide.sums(
      at: block.keys, in: least..<greatest + 1, omission: .own, squares: squares,
      execution: execution.unreported)
    for (place, slot) in zip(places, order[run]) {
      sums.add(found, place - least..<place - least + 1, logScale: logScale, to: [slot])
    }
  }

  /// Adds the blocks of one size to the sums of the queries after them.
  mutating func addBlocks(ofLevel level: Int) {
    let blocks = engine.blocks.levels[level]
    let visits = blocks.indices.compactMap { index -> Visit? in
      guard let served = engine.engines[level][index] else { return nil }
      let leaves = (2 * index + 1) << level..<min((2 * index + 2) << level, starts.count - 1)
      let run = starts[leaves.lowerBound]..<starts[leaves.upperBound]
      return run.isEmpty ? nil : Visit(block: blocks[index], engine: served, run: run)
    }
    // Small blocks are summed in parallel, large ones one by one on all threads.
    let isMany = visits.count > 4
    let inner = isMany ? execution.alone : execution.unreported
    let results = (isMany ? execution : execution.alone).map(visits.count) { place in
      found(visits[place], execution: inner)
    }
    for (visit, result) in zip(visits, results) {
      let logScale = visit.block.problem.orders.weights(visit.block.problem).logScale
      if let slots = result.slots {
        sums.add(result.sums, result.sums.indices, logScale: logScale, to: slots[...])
      } else {
        sums.add(result.sums, result.sums.indices, logScale: logScale, to: order[visit.run])
      }
    }
  }

  /// A block with the queries after it.
  private struct Visit {
    let block: CausalBlocks.Block
    let engine: any KernelSumEngine
    let run: Range<Int>
  }

  /// The sums of the queries that a block can matter to.
  ///
  /// - Returns: the queries; nil if they are all queries of the block.
  private func found(
    _ visit: Visit, execution: Execution
  ) -> (sums: AnchoredSums, slots: [Int32]?) {
    let reach = CausalReach(visit.block, problem)
    let dimension = ordered.dimension
    let asked = visit.run.filter { place in
      let query = Int(order[place])
      // In one input no earlier block has a larger weight, so queries that will be recomputed can be
      // skipped.
      if dimension == 1, sums.isUncertain(query) { return false }
      return reach.matters(at: ordered.coordinates[place * dimension], to: sums.results, query)
    }
    guard asked.count < visit.run.count else {
      return (found(visit.engine, at: ordered, in: visit.run, order[visit.run], execution), nil)
    }
    let queries = ordered.rows(asked, count: asked.count)
    let slots = asked.map { order[$0] }
    return (found(visit.engine, at: queries, in: queries.indices, slots[...], execution), slots)
  }

  private func found(
    _ engine: any KernelSumEngine, at queries: Points, in range: Range<Int>,
    _ places: ArraySlice<Int32>, _ execution: Execution
  ) -> AnchoredSums {
    engine.sums(
      at: queries, in: range, squares: squares,
      beside: KnownSums(sums: sums.results, places: places), execution: execution)
  }

  /// Recomputes the queries whose anchors have lost digits.
  func finish() {
    sums.takeBackMoments()
    let uncertain = sums.uncertain
    guard !uncertain.isEmpty else { return }
    NearbyDirect(problem).sums(
      ofQueries: uncertain.map { first + $0 }, at: queries, omission: omission, squares: squares,
      execution: execution.unreported, into: sums.results, first: first)
  }
}

extension CausalBlocks {
  /// The last leaf that begins no later than a time; −1 for none.
  fileprivate func leaf(at time: Double) -> Int {
    firstTimes.partitioningIndex { $0 > time } - 1
  }
}

extension Points {
  /// Some of the points, in another order.
  fileprivate func rows(_ rows: some Sequence<Int>, count: Int) -> Points {
    let dimension = dimension
    let coordinates = coordinates
    let chosen = [Double](unsafeUninitializedCapacity: count * dimension) { chosen, used in
      for row in rows {
        for input in 0..<dimension {
          chosen.initializeElement(at: used, to: coordinates[row * dimension + input])
          used += 1
        }
      }
    }
    return Points(rowMajor: chosen, dimension: dimension)
  }
}

extension AnchoredSums {
  /// The places of all queries.
  fileprivate var indices: Range<Int> { 0..<count }
}
