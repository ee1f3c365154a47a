public import KernelRegression
internal import KernelSums
internal import SimilarityKernels

extension LearnedModel {
  /// Estimates at queries.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - diagnostics: whether to add effective sample sizes and, for distances, the distance to the
  ///     nearest key in the projected inputs.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if a query has the wrong number of inputs, is
  ///   not finite or has a level that no key can have.
  /// - Complexity: that of ``/KernelRegression/KernelSmoother`` in r inputs; O(n·m·r) with projections.
  public func predict(
    at queries: Queries, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    switch estimator {
    case .distance(let smoother):
      return try smoother.predict(at: try projected(queries), diagnostics: diagnostics)
    case .product(let products):
      let (points, omission) = queries.resolved(for: keys)
      return try products.predictions(
        at: try similarity.projectedQueries(points), omission: omission, diagnostics: diagnostics)
    }
  }

  /// The same queries among the projected keys.
  func projected(_ queries: Queries) throws(KernelRegressionError) -> Queries {
    guard queries != .leaveOneOut else { return queries }
    let points = queries.resolved(for: keys).points
    return .points(Points(columns: try similarity.projectedQueries(points)))
  }
}
