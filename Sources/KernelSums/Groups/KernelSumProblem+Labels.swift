package import SimilarityKernels

// For queries whose labels are all the same, the weight of a key's labels is one number for each key,
// as an observation weight is. Under it the problem is one of continuous inputs, which any engine
// answers: not the fastest way to the sums of all queries, since each combination of labels has a
// problem of its own, but the simplest to whatever else is asked of a few.

extension KernelSumProblem {
  /// The problem of the continuous inputs that queries with some labels see.
  ///
  /// Its observation weights are ω times the weight of the labels.
  ///
  /// - Parameter levels: the level of each of the queries' labels.
  /// - Complexity: O(n·d).
  func seen(from levels: [Double]) -> KernelSumProblem {
    let dimension = similarity.bandwidths.count
    return KernelSumProblem(
      keys: keys.continuous(dimension), columns: columns,
      observationWeights: keys.indices.map { key in
        similarity.labelWeight(query: levels, key: keys[key].dropFirst(dimension))
          * (observationWeights?[key] ?? 1)
      }, similarity: similarity.continuous, degree: degree, isCausal: isCausal)
  }

  /// Calls `body` with each combination of labels among some queries: the problem that those queries
  /// see, which queries they are, and their continuous inputs.
  func forEachCombination(
    of queries: Points, in range: Range<Int>, execution: Execution,
    body: (_ seen: KernelSumProblem, _ indices: [Int], _ continuous: Points) -> Void
  ) {
    let dimension = similarity.bandwidths.count
    let combinations = LabelCombinations(of: queries, in: range, after: dimension)
    let continuous = queries.continuous(dimension)
    for (levels, indices) in zip(combinations.levels, combinations.queries)
    where !execution.isStopped {
      body(
        seen(from: levels), indices,
        Points(
          rowMajor: indices.flatMap { continuous[$0] }, dimension: continuous.dimension))
    }
  }

  func nearestKeysUnderLabels(
    to queries: Points, excluding excluded: [Int]?, execution: Execution
  ) -> [NearestKeys] {
    var all = [NearestKeys](
      repeating: NearestKeys(distance: .infinity, keys: []), count: queries.count)
    forEachCombination(of: queries, in: queries.indices, execution: execution) {
      seen, indices, points in
      let nearest = seen.nearestKeys(
        to: points, excluding: excluded.map { excluded in indices.map { excluded[$0] } },
        execution: execution.unreported)
      for (query, keys) in zip(indices, nearest) { all[query] = keys }
    }
    return all
  }

  /// The weights of all keys for each query, over their sum: `[m, n]`, query after query.
  ///
  /// The n numbers of a query sum to 1, or are all 0 where no key supports it. Callers with many
  /// queries ask for them block by block.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries that are asked about.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in their order.
  ///   - execution: how the computation runs.
  /// - Complexity: O(n·m·d) time, O(n·m) memory, for m queries asked about.
  package func normalizedWeights(
    at queries: Points, range: Range<Int>, omission: Omission = .none,
    execution: Execution = Execution()
  ) -> [Double] {
    guard !similarity.labels.isEmpty else {
      return DirectEngine(self).normalizedWeights(
        at: queries, range: range, omission: omission, execution: execution)
    }
    omission.check(queries, in: range, dimension: similarity.inputCount, keyCount: keys.count)
    let count = keys.count
    var all = [Double](repeating: 0, count: range.count * count)
    forEachCombination(of: queries, in: range, execution: execution) { seen, indices, points in
      let engine = DirectEngine(seen)
      func write(_ weights: [Double], toRow query: Int, from slot: Int) {
        let first = (query - range.lowerBound) * count
        all.replaceSubrange(
          first..<first + count, with: weights[slot * count..<(slot + 1) * count])
      }
      guard omission == .own else {
        let weights = engine.normalizedWeights(at: points, execution: execution.unreported)
        for (slot, query) in indices.enumerated() { write(weights, toRow: query, from: slot) }
        return
      }
      for query in indices {
        let weights = engine.normalizedWeights(
          at: seen.keys, range: query..<query + 1, omission: .own, execution: execution.unreported)
        write(weights, toRow: query, from: 0)
      }
    }
    return all
  }
}
