public import SimilarityKernels

/// A type that pools values by attention: a kernel estimator, scaled dot-product attention, a learned model.
public protocol AttentionPooling: Sendable {
  /// The keys, shape `[n, d]`.
  var keys: Points { get }

  /// The values, one array of n for each value column.
  var values: [[Double]] { get }

  /// Estimates at queries.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - diagnostics: whether to add effective sample sizes and distances to the nearest key.
  func predict(
    _ queries: Points, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions

  /// The estimate at each key from all keys but itself.
  func leaveOneOut(diagnostics: Bool) throws(KernelRegressionError) -> Predictions

  /// The attention of queries, without ever holding a number for each pair of them and a key.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries that are asked about; nil for all.
  ///   - selection: which keys are listed.
  func attention(
    at queries: Points, range: Range<Int>?, selection: AttentionSelection
  ) throws(KernelRegressionError) -> SparseAttention

  /// The attention of each key over all others.
  ///
  /// - Parameters:
  ///   - range: the keys that are asked about; nil for all.
  ///   - selection: which keys are listed.
  func leaveOneOutAttention(
    ofKeys range: Range<Int>?, selection: AttentionSelection
  ) throws(KernelRegressionError) -> SparseAttention

  /// The attention of queries over all keys in at most so many cells.
  func attentionMap(
    at queries: Points, rows: Int, columns: Int
  ) throws(KernelRegressionError) -> AttentionMap

  /// The attention of each key over all others in at most so many cells.
  func leaveOneOutAttentionMap(
    rows: Int, columns: Int
  ) throws(KernelRegressionError) -> AttentionMap
}
