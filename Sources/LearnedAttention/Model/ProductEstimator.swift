internal import KernelRegression
internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// Softmax attention over dot products of numbers that are already projected.
struct ProductEstimator: Executing, Sendable {
  /// The keys, r columns of n.
  let keys: [[Double]]

  let values: [[Double]]

  let observationWeights: [Double]?

  var execution: Execution

  /// Pooled values at queries of r columns, whose scores lack only the keys' weights.
  ///
  /// `Attention`, which anchors its sums, answers queries whose scores or sums overflow.
  ///
  /// - Throws: if a query is not finite.
  /// - Complexity: O(n·m·(r + p)) on all threads.
  func predictions(
    at queries: [[Double]], omission: Omission, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions {
    try finished { estimator throws(KernelRegressionError) in
      try estimator.pooled(at: queries, omission: omission, diagnostics: diagnostics)
    }
  }

  private func pooled(
    at queries: [[Double]], omission: Omission, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions {
    let pairs = SoftmaxPairs(
      score: .innerProduct, queries: queries, keys: keys, columns: values,
      logWeights: observationWeights?.map { Double.log($0) },
      excluded: omission == .own ? keys.first.map { Array($0.indices) } : nil)
    let pooled = pairs.pooled(squares: diagnostics, execution: execution)
    try execution.checkCancellation()
    var estimates = pooled.estimates
    var sizes = pooled.effectiveSampleSizes
    var empty: [Int] = []
    let lost = pooled.logSums.indices.filter { query in
      !(pooled.logSums[query].isFinite && estimates.allSatisfy { $0[query].isFinite })
    }
    let points = lost.isEmpty ? nil : Points(columns: queries)
    for query in lost {
      guard let points else { break }
      let row = try weights(
        at: points, range: query..<query + 1, omitsOwn: omission == .own,
        listing: AttentionSelection(threshold: 0))
      if !row.emptyWindows.isEmpty { empty.append(query) }
      sizes[query] = row.effectiveSampleSizes[0]
      for column in estimates.indices {
        estimates[column][query] =
          row.keys.isEmpty
          ? .nan : zip(row.keys, row.weights).reduce(0) { $0 + $1.1 * values[column][$1.0] }
      }
    }
    return Predictions(
      estimates: estimates, emptyWindows: empty,
      effectiveSampleSizes: diagnostics ? sizes : nil, nearestDistances: nil)
  }
}

extension ProductEstimator {
  /// The attention of queries of r inputs.
  ///
  /// - Throws: if a query is not finite.
  /// - Complexity: O(n·r + c·log c) for a query with c keys listed, on all threads.
  func weights(
    at queries: Points, range: Range<Int>?, omitsOwn: Bool = false,
    listing selection: AttentionSelection
  ) throws(KernelRegressionError) -> AttentionWeights {
    try Sample.validateFinite(queries, called: "projected query")
    let attention = try Attention(
      Sample(keys: Points(columns: keys), values: values, weights: observationWeights),
      score: .dotProduct(scale: 1), computation: Computation(execution))
    return try attention.weights(
      at: queries, range ?? queries.indices, omitsOwn: omitsOwn, listing: selection)
  }
}
