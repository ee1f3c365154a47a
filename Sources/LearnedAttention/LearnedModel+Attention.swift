public import KernelRegression
public import SimilarityKernels

extension LearnedModel: AttentionPooling {
  /// The attention of queries, without ever holding a number for each pair of them and a key.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries that are asked about; nil for all.
  ///   - selection: which keys are listed.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if a query has the wrong number of inputs, is
  ///   not finite or has a level that no key can have.
  /// - Complexity: that of ``/KernelRegression/NadarayaWatson`` in r inputs; O(n·m·r) under projections.
  public func attention(
    at queries: Points, range: Range<Int>? = nil, selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> SparseAttention {
    let projected = Points(columns: try similarity.projectedQueries(queries))
    switch estimator {
    case .distance(let smoother):
      return try smoother.attention(at: projected, range: range, selection: selection)
    case .product(let products):
      return try products.attention(at: projected, range: range, selection: selection)
    }
  }

  /// The attention of each key over all others.
  ///
  /// - Parameters:
  ///   - range: the keys that are asked about; nil for all.
  ///   - selection: which keys are listed.
  /// - Throws: never under scores that are finite, as learned ones are.
  /// - Complexity: as for ``attention(at:range:selection:)``.
  public func leaveOneOutAttention(
    ofKeys range: Range<Int>? = nil, selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> SparseAttention {
    switch estimator {
    case .distance(let smoother):
      return try smoother.leaveOneOutAttention(ofKeys: range, selection: selection)
    case .product(let products):
      return try products.attention(
        at: Points(columns: try similarity.projectedQueries(keys)), range: range,
        omitsOwn: true, selection: selection)
    }
  }

  /// The name of the engine that computes the sums, and why it does.
  public var engineChoice: (name: String, reason: String) {
    switch estimator {
    case .distance(let smoother): smoother.engineChoice
    case .product: ("direct", "dot products have no other")
    }
  }
}
