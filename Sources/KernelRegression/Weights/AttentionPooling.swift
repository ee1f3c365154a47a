internal import SimilarityKernels

/// A type that pools values by attention: a kernel estimator, scaled dot-product attention, a learned model.
///
/// The types of this package conform to it; other types cannot, because the initializers of the results
/// are not public.
public protocol AttentionPooling: Sendable {
  /// The keys and the values that are pooled.
  var sample: Sample { get }

  /// Estimates at queries.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - diagnostics: whether to add effective sample sizes and distances to the nearest key.
  func predict(
    at queries: Queries, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions

  /// The attention of queries, without ever storing all n·m weights.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - range: the queries to list; nil for all.
  ///   - selection: which keys are listed.
  func weights(
    at queries: Queries, range: Range<Int>?, listing selection: AttentionSelection
  ) throws(KernelRegressionError) -> AttentionWeights

  /// The attention of queries over all keys in a limited number of cells.
  func attentionMap(
    at queries: Queries, rows: Int, columns: Int
  ) throws(KernelRegressionError) -> AttentionMap

  /// How much of the estimate at one query each key contributes.
  func explanation(
    ofQuery query: Int, at queries: Queries, listing count: Int
  ) throws(KernelRegressionError) -> EstimateExplanation
}

extension AttentionPooling {
  /// Estimates at queries in one input, for a single value column.
  ///
  /// - Throws: ``KernelRegressionError``, as ``predict(at:diagnostics:)`` does, and if there are several value
  ///   columns.
  /// - Complexity: that of ``predict(at:diagnostics:)``.
  public func predict(_ queries: [Double]) throws(KernelRegressionError) -> [Double] {
    guard sample.values.count == 1 else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "one list of estimates needs one value column, not \(sample.values.count)")
    }
    return try predict(at: .points(queries), diagnostics: false).values
  }
}
