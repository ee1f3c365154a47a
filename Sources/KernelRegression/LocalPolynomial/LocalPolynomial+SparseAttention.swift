public import SimilarityKernels

extension LocalPolynomial: AttentionPooling {
  /// Estimates at queries; see ``predict(_:gradients:diagnostics:)``.
  public func predict(
    _ queries: Points, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions {
    try predict(queries, gradients: false, diagnostics: diagnostics)
  }

  /// The estimate at each key from all keys but itself; see ``leaveOneOut(gradients:diagnostics:)``.
  public func leaveOneOut(diagnostics: Bool) throws(KernelRegressionError) -> Predictions {
    try leaveOneOut(gradients: false, diagnostics: diagnostics)
  }

  /// The attention of queries over all keys: the weights under which the polynomial is fitted, whatever
  /// its degree; see ``NadarayaWatson/attention(at:range:selection:)``.
  public func attention(
    at queries: Points, range: Range<Int>? = nil, selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> SparseAttention {
    try base.attention(at: queries, range: range, selection: selection)
  }

  /// The attention of each key over all others; see
  /// ``NadarayaWatson/leaveOneOutAttention(ofKeys:selection:)``.
  public func leaveOneOutAttention(
    ofKeys range: Range<Int>? = nil, selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> SparseAttention {
    try base.leaveOneOutAttention(ofKeys: range, selection: selection)
  }

  /// The attention of queries over all keys in at most so many cells; see
  /// ``NadarayaWatson/attentionMap(at:rows:columns:)``.
  public func attentionMap(
    at queries: Points, rows: Int = 400, columns: Int = 400
  ) throws(KernelRegressionError) -> AttentionMap {
    try base.attentionMap(at: queries, rows: rows, columns: columns)
  }

  /// The attention of each key over all others in at most so many cells.
  public func leaveOneOutAttentionMap(
    rows: Int = 400, columns: Int = 400
  ) throws(KernelRegressionError) -> AttentionMap {
    try base.leaveOneOutAttentionMap(rows: rows, columns: columns)
  }
}
