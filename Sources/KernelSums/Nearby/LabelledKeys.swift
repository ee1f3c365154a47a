internal import SimilarityKernels

// For queries with the same labels, the weight of a key's labels is one number for each key, like an
// observation weight. With it the problem has only continuous inputs, which any engine supports. That
// is not the fastest way to the sums of all queries, since each combination of labels is a separate
// problem, but the simplest way to anything else for a few queries.

/// Keys with label inputs, as one problem of continuous inputs for each combination of labels.
struct LabelledKeys: KeyWeights {
  let problem: KernelSumProblem

  /// - Precondition: there are labels.
  init(_ problem: KernelSumProblem) { self.problem = problem }

  func nearestKeys(
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

  func forEachRow(
    of queries: Points, in range: Range<Int>, omission: Omission, selection: RowSelection,
    execution: Execution, body: (_ place: Int, _ row: WeightRow) -> Void
  ) {
    omission.check(
      queries, in: range, dimension: problem.similarity.inputCount,
      keyCount: problem.keys.count)
    guard !range.isEmpty, problem.keys.count > 0 else { return }
    forEachCombination(of: queries, in: range, execution: execution) { seen, indices, points in
      if omission == .none {
        return seen.forEachRow(
          of: points, in: points.indices, omission: .none, selection: selection,
          execution: execution.unreported
        ) { body(indices[$0] - range.lowerBound, $1) }
      }
      seen.forEachRow(
        indices, of: seen.problem.keys, omission: .own, selection: selection, totals: nil,
        execution: execution.unreported
      ) { body(indices[$0] - range.lowerBound, $1) }
    }
  }

  func normalizedWeights(
    at queries: Points, range: Range<Int>, omission: Omission, execution: Execution
  ) -> [Double] {
    let count = problem.keys.count
    omission.check(
      queries, in: range, dimension: problem.similarity.inputCount, keyCount: count)
    var all = [Double](repeating: 0, count: range.count * count)
    forEachCombination(of: queries, in: range, execution: execution) { seen, indices, points in
      let engine = DirectEngine(seen.problem)
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
          at: seen.problem.keys, range: query..<query + 1, omission: .own,
          execution: execution.unreported)
        write(weights, toRow: query, from: 0)
      }
    }
    return all
  }

  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, execution: Execution,
    body: (_ place: Int, _ weights: [(key: Int, weight: Double)]) -> Void
  ) {
    forEachCombination(indices, of: queries, omission: omission, execution: execution) {
      seen, places, points in
      seen.forEachQuery(
        points.indices, of: points.queries, omission: omission, execution: execution.unreported
      ) { body(places[$0], $1) }
    }
  }

  func forEachQuery(
    _ indices: [Int], of queries: Points, omission: Omission, depth: Double, execution: Execution,
    body: (_ place: Int, _ logWeights: [(key: Int, logWeight: Double)], _ isWhole: Bool) -> Void
  ) {
    forEachCombination(indices, of: queries, omission: omission, execution: execution) {
      seen, places, points in
      seen.forEachQuery(
        points.indices, of: points.queries, omission: omission, depth: depth,
        execution: execution.unreported
      ) { body(places[$0], $1, $2) }
    }
  }

  /// The keys, with continuous inputs only, for queries with some labels.
  ///
  /// Their observation weights are ω times the weight of the labels.
  ///
  /// - Parameter levels: the level of each of the queries' labels.
  /// - Complexity: O(n·d).
  func seen(from levels: [Double]) -> PlainKeys {
    let (keys, similarity) = (problem.keys, problem.similarity)
    let dimension = similarity.bandwidths.count
    return PlainKeys(
      KernelSumProblem(
        keys: keys.continuous(dimension), columns: problem.columns,
        observationWeights: keys.indices.map { key in
          similarity.labelWeight(query: levels, key: keys[key].dropFirst(dimension))
            * (problem.observationWeights?[key] ?? 1)
        }, similarity: similarity.continuous, degree: problem.degree,
        isCausal: problem.isCausal))
  }

  /// Calls `body` with each combination of labels among some queries: their keys, the queries
  /// themselves, and their continuous inputs.
  private func forEachCombination(
    of queries: Points, in range: Range<Int>, execution: Execution,
    body: (_ seen: PlainKeys, _ indices: [Int], _ continuous: Points) -> Void
  ) {
    let dimension = problem.similarity.bandwidths.count
    let combinations = LabelCombinations(of: queries, in: range, after: dimension)
    let continuous = queries.continuous(dimension)
    for (levels, indices) in zip(combinations.levels, combinations.queries)
    where !execution.isStopped {
      body(
        seen(from: levels), indices,
        continuous.selecting(indices))
    }
  }

  /// The same for some queries: their places among `indices`, and their indices among the queries of
  /// those keys.
  private func forEachCombination(
    _ indices: [Int], of queries: Points, omission: Omission, execution: Execution,
    body: (
      _ seen: PlainKeys, _ places: [Int], _ points: (indices: [Int], queries: Points)
    ) -> Void
  ) {
    guard !indices.isEmpty else { return }
    let dimension = problem.similarity.bandwidths.count
    let asked = queries.selecting(indices)
    forEachCombination(of: asked, in: asked.indices, execution: execution) { seen, places, points in
      body(
        seen, places,
        omission == .own
          ? (places.map { indices[$0] }, problem.keys.continuous(dimension))
          : (Array(points.indices), points))
    }
  }
}
