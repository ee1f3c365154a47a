internal import SimilarityKernels

extension NearbyDirect {
  /// The nearest keys of each query, as ``DirectEngine/nearestKeys(to:excluding:execution:)`` finds
  /// them.
  ///
  /// - Complexity: O(log n) for each query on all threads, where few keys tie.
  func nearestKeys(
    to queries: Points, excluding excluded: [Int]? = nil, execution: Execution = Execution()
  ) -> [NearestKeys] {
    precondition(
      excluded.map { $0.count == queries.count } ?? true, "one key is excluded for each query")
    return [NearestKeys](unsafeUninitializedCapacity: queries.count) { results, used in
      let results = results
      forEachQuery(of: queries, in: queries.indices, execution: execution) {
        index, query, scratch in
        let tree = scratch.search.tree
        let own = excluded.map { Int(tree.places[$0[index]]) }
        let runs = scratch.search.nearestRuns(excluding: own.map { [$0] } ?? [])
        let nearest = scratch.pass.engine.nearestKeys(
          query: query, excluding: own, over: runs, pass: scratch.pass)
        results.initializeElement(
          at: index,
          to: NearestKeys(
            distance: nearest.distance, keys: nearest.keys.map { Int(tree.order[$0]) }.sorted()))
      }
      used = queries.count
    }
  }

  /// Calls `body` with each query of a range and the weights over their sum of the keys that can have
  /// any in double precision, in no particular order; none where no key supports the query.
  ///
  /// `body` is called from several threads at once.
  ///
  /// - Complexity: O(log n) for a query and O(d) for each of those keys.
  func forEachQuery(
    of queries: Points, in range: Range<Int>, omission: Omission, execution: Execution,
    body: (_ index: Int, _ weights: [(key: Int, weight: Double)]) -> Void
  ) {
    let count = problem.keys.count
    forEachQuery(of: queries, in: range, execution: execution) { index, query, scratch in
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
      body(index, weights)
    }
  }

  /// Passes over queries, each by itself with the box around it.
  private func forEachQuery(
    of queries: Points, in range: Range<Int>, execution: Execution,
    body: (_ index: Int, _ query: UnsafeBufferPointer<Double>, _ scratch: Scratch) -> Void
  ) {
    Omission.none.check(
      queries, in: range, dimension: problem.keys.dimension, keyCount: problem.keys.count)
    let tree = problem.orders.tree(problem, execution: execution)
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachBlock(
        of: range.count, atMost: DirectEngine.blockLength,
        scratch: { Scratch(tree, problem, execution.instructions) }
      ) { block, scratch in
        for slot in block {
          let index = range.lowerBound + slot
          let query = coordinates.row(index, queries.dimension)
          scratch.search.queries.enclose(query)
          body(index, query, scratch)
        }
      }
    }
  }
}
