public import KernelRegression
public import KernelSums
internal import SimilarityKernels

extension LearnedModel: AttentionPooling {
  /// The attention of queries, without ever storing all n·m weights.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - range: the queries to list; nil for all.
  ///   - selection: which keys are listed.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if a query has the wrong number of inputs, is
  ///   not finite or has a level that no key can have.
  /// - Complexity: that of ``/KernelRegression/KernelSmoother`` in r inputs; O(n·m·r) with projections.
  public func weights(
    at queries: Queries, range: Range<Int>? = nil, listing selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> AttentionWeights {
    switch estimator {
    case .distance(let smoother):
      return try smoother.weights(
        at: try projected(queries), range: range, listing: selection)
    case .product(let products):
      let (points, omission) = queries.resolved(for: keys)
      return try products.weights(
        at: Points(columns: try similarity.projectedQueries(points)), range: range,
        omitsOwn: omission == .own, listing: selection)
    }
  }

  /// The engine that computes the sums, and why it was chosen.
  public var engineChoice: ChosenEngine {
    switch estimator {
    case .distance(let smoother): smoother.engineChoice
    case .product: ChosenEngine(name: "direct", reason: "dot products have no other engine")
    }
  }
}
