public import SimilarityKernels

extension LocalPolynomial {
  /// The attention weights of queries over all keys: those under which the polynomial is fitted, whatever
  /// its degree.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries that are asked about, all by default.
  /// - Throws: ``KernelRegressionError``, as ``NadarayaWatson/attentionWeights(at:range:)`` does.
  /// - Complexity: O(n·m·d) time on all threads, O(n·m) memory.
  public func attentionWeights(
    at queries: Points, range: Range<Int>? = nil
  ) throws(KernelRegressionError) -> AttentionWeights {
    try base.attentionWeights(at: queries, range: range)
  }

  /// The attention weights of each key over all others; its own weight is 0.
  ///
  /// - Parameter range: the keys that are asked about; all by default.
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if a key is supported by
  ///   no other.
  /// - Complexity: O(n·m·d) time for m keys asked about, O(n·m) memory.
  public func leaveOneOutAttentionWeights(
    ofKeys range: Range<Int>? = nil
  ) throws(KernelRegressionError) -> AttentionWeights {
    try base.leaveOneOutAttentionWeights(ofKeys: range)
  }
}
