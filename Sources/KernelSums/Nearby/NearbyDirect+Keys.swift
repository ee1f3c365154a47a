internal import SimilarityKernels

extension NearbyDirect {
  /// The nearest keys of each query, as ``DirectEngine/nearestKeys(to:excluding:execution:)`` finds
  /// them.
  ///
  /// - Complexity: O(log n) for each query on all threads, if few keys tie.
  func nearestKeys(
    to queries: Points, excluding excluded: [Int]? = nil, execution: Execution = Execution()
  ) -> [NearestKeys] {
    precondition(
      excluded.map { $0.count == queries.count } ?? true,
      "exactly one key must be excluded for each query")
    return NearestKeys.each(queries.count) { results in
      nonisolated(unsafe) let results = results
      forEachQuery(Array(queries.indices), of: queries, execution: execution) {
        index, _, query, scratch in
        let tree = scratch.search.tree
        let own = excluded.map { Int(tree.places[$0[index]]) }
        let runs = scratch.search.nearestRuns(excluding: own.map { [$0] } ?? [])
        let nearest = scratch.pass.engine.nearestKeys(
          query: query, excluding: own, over: runs, pass: scratch.pass)
        results[index] = NearestKeys(
          distance: nearest.distance, keys: nearest.keys.map { Int(tree.order[$0]) }.sorted())
      }
    }
  }

  /// Calls `body` with each of some queries and its weights; see
  /// ``KernelSumProblem/forEachQuery(_:of:omission:execution:body:)``.
  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, execution: Execution,
    body: (_ place: Int, _ weights: [(key: Int, weight: Double)]) -> Void
  ) {
    let count = problem.keys.count
    forEachQuery(indices, of: queries, execution: execution) { index, place, query, scratch in
      let tree = scratch.search.tree
      let own = omission == .own ? Int(tree.places[index]) : nil
      let runs = scratch.search.runs(
        excluding: own.map { [$0] } ?? [], depth: DirectEngine.greatestDepth,
        witness: (query, scratch.pass)
      ).runs
      let row = scratch.row(count)
      scratch.pass.engine.weights(
        query: query, excluding: own, over: runs, pass: scratch.pass, into: row)
      var weights: [(key: Int, weight: Double)] = []
      for run in runs {
        for place in run where row[place] > 0 {
          weights.append((Int(tree.order[place]), row[place]))
        }
      }
      body(place, weights)
    }
  }

  /// The same with logarithms of weights; see
  /// ``KernelSumProblem/forEachQuery(_:of:omission:depth:execution:body:)``.
  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, depth: Double, execution: Execution,
    body: (_ place: Int, _ logWeights: [(key: Int, logWeight: Double)], _ isWhole: Bool) -> Void
  ) {
    let weighted = problem.observationWeights?.count { $0 > 0 } ?? problem.keys.count
    let times = problem.isCausal ? problem.orders.times(problem).times : nil
    forEachQuery(indices, of: queries, execution: execution) { index, place, query, scratch in
      let tree = scratch.search.tree
      let own = omission == .own ? Int(tree.places[index]) : nil
      let isOwnWeighted = own != nil && problem.observationWeights?[index] ?? 1 > 0
      let runs = scratch.search.runs(
        excluding: own.map { [$0] } ?? [], depth: depth, witness: (query, scratch.pass)
      ).runs
      let logWeights = scratch.pass.engine.anchoredLogWeights(
        query: query, excluding: own, over: runs, depth: depth, pass: scratch.pass
      ).logWeights
      body(
        place, logWeights.map { (Int(tree.order[$0.key]), $0.logWeight) },
        logWeights.count
          >= (times?.partitioningIndex { $0 > query[0] } ?? weighted) - (isOwnWeighted ? 1 : 0))
    }
  }

  /// Processes queries one by one, each with the box around it.
  private func forEachQuery(
    _ indices: [Int], of queries: Points, execution: Execution,
    body: (
      _ index: Int, _ place: Int, _ query: UnsafeBufferPointer<Double>, _ scratch: Scratch
    ) -> Void
  ) {
    Omission.none.check(
      queries, in: queries.indices, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    let tree = problem.orders.tree(problem, execution: execution)
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachBlock(
        of: indices.count, atMost: DirectEngine.blockLength,
        scratch: { Scratch(tree, problem, execution.instructions) }
      ) { block, scratch in
        for place in block {
          let index = indices[place]
          let query = coordinates.row(index, queries.dimension)
          scratch.search.queries.enclose(query)
          body(index, place, query, scratch)
        }
      }
    }
  }
}
