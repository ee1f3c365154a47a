public import KernelRegression
internal import KernelSums
public import SimilarityKernels

extension LearnedModel {
  /// Estimates at queries.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - diagnostics: whether to add effective sample sizes and, under a distance, how far the nearest
  ///     key is in the projected inputs.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if a query has the wrong number of inputs, is
  ///   not finite or has a level that no key can have.
  /// - Complexity: that of ``/KernelRegression/NadarayaWatson`` in r inputs; O(n·m·r) under projections.
  public func predict(
    _ queries: Points, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    let projected = try similarity.projectedQueries(queries)
    switch estimator {
    case .distance(let smoother):
      return try smoother.predict(Points(columns: projected), diagnostics: diagnostics)
    case .product(let products):
      return try products.predictions(at: projected, omission: .none, diagnostics: diagnostics)
    }
  }

  /// The estimate at each key from all keys but itself.
  ///
  /// - Throws: never under scores that are finite, as learned ones are.
  /// - Complexity: that of a prediction at n queries.
  public func leaveOneOut(
    diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    switch estimator {
    case .distance(let smoother):
      return try smoother.leaveOneOut(diagnostics: diagnostics)
    case .product(let products):
      return try products.predictions(
        at: try similarity.projectedQueries(keys), omission: .own, diagnostics: diagnostics)
    }
  }
}
