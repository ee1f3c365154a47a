internal import KernelRegression
internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// Attention with softmax over dot products of numbers that are already projected.
struct ProductEstimator: Sendable {
  /// The keys, r columns of n.
  let keys: [[Double]]

  let values: [[Double]]

  let observationWeights: [Double]?

  var execution: Execution

  /// Pooled values at queries of r columns, scores complete but for the keys' weights.
  ///
  /// - Complexity: O(n·m·(r + p)) on all threads.
  func predictions(
    at queries: [[Double]], omission: Omission, diagnostics: Bool
  ) -> Predictions {
    let pairs = SoftmaxPairs(
      score: .innerProduct, queries: queries, keys: keys, columns: values,
      logWeights: observationWeights?.map { Double.log($0) },
      excluded: omission == .own ? keys.first.map { Array($0.indices) } : nil)
    let pooled = pairs.pooled(squares: diagnostics, execution: execution)
    let empty = pooled.logSums.indices.filter { pooled.logSums[$0] == -.infinity }
    return Predictions(
      estimates: pooled.estimates, emptyWindows: empty,
      effectiveSampleSizes: diagnostics ? pooled.effectiveSampleSizes : nil,
      nearestDistances: nil)
  }
}

extension ProductEstimator {
  /// The attention of queries of r inputs.
  ///
  /// - Complexity: O(n·r + c·log c) for a query with c keys listed, on all threads.
  func attention(
    at queries: Points, range: Range<Int>?, omitsOwn: Bool = false, selection: AttentionSelection
  ) throws(KernelRegressionError) -> SparseAttention {
    let attention = try Attention(
      keys: Points(columns: keys), values: values, observationWeights: observationWeights,
      score: .dotProduct(scale: 1), execution: execution)
    return try attention.attention(
      at: queries, range ?? queries.indices, omitsOwn: omitsOwn, selection: selection)
  }
}
