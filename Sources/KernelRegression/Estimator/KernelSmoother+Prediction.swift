internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// Estimates at queries.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - gradients: whether to add the derivatives, which need a degree of at least 1.
  ///   - diagnostics: whether to add effective sample sizes and distances to the nearest key,
  ///     which cost a second pass over the keys.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not finite,
  ///   or gradients are requested at degree 0; under ``EmptyWindowPolicy/fail`` also if no key supports a
  ///   query.
  /// - Complexity: that of the engine's sums, and O(N³) for each query with N coefficients, on all
  ///   threads.
  public func predict(
    at queries: Queries, gradients: Bool, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    let (points, omission) = try resolved(queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.planned(forQueries: points.count).predictions(
        at: points, omission: omission, gradients: gradients, diagnostics: diagnostics)
    }
  }

  /// Estimates at queries, without gradients; see ``predict(at:gradients:diagnostics:)``.
  public func predict(
    at queries: Queries, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    try predict(at: queries, gradients: false, diagnostics: diagnostics)
  }

  private func predictions(
    at queries: Points, omission: Omission, gradients: Bool, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions {
    if gradients, degree == 0 {
      throw KernelRegressionError(
        .invalidDegree, "gradients need a polynomial of degree 1 to 3, not 0")
    }
    guard degree > 0 else {
      return try means(at: queries, omission: omission, diagnostics: diagnostics)
    }
    var estimates = values.map { _ in [Double]() }
    var slopes = values.map { _ in similarity.bandwidths.map { _ in [Double]() } }
    var degrees: [Int8] = []
    var amplifications: [Double] = []
    var effectiveSampleSizes: [Double] = []
    for (run, execution) in runs(of: queries) {
      let fits = fits(
        at: queries, in: run, omission: omission, squares: diagnostics, slopes: gradients,
        execution: execution)
      try execution.checkCancellation()
      degrees += fits.degrees
      amplifications += fits.amplifications
      if diagnostics { effectiveSampleSizes += fits.effectiveSampleSizes }
      for column in values.indices {
        estimates[column] += fits.estimates(column)
        guard gradients else { continue }
        for input in slopes[column].indices {
          slopes[column][input] += fits.gradient(column, input)
        }
      }
    }
    let extrapolations = self.extrapolations(
      amplifications, degrees: degrees, at: queries, omission: omission)
    if extrapolation == .notANumber {
      for query in extrapolations {
        for column in values.indices {
          estimates[column][query] = .nan
          guard gradients else { continue }
          for input in slopes[column].indices { slopes[column][input][query] = .nan }
        }
      }
    }
    let empty = degrees.indices.filter { degrees[$0] < 0 }
    try fill(empty, of: &estimates, at: queries, omission: omission)
    try execution.checkCancellation()
    return Predictions(
      estimates: estimates, gradients: gradients ? slopes : nil, emptyWindows: empty,
      loweredDegrees: loweredDegrees(degrees, at: queries, omission: omission),
      extrapolations: extrapolations,
      effectiveSampleSizes: diagnostics ? effectiveSampleSizes : nil,
      nearestDistances: diagnostics
        ? keyWeights.nearestDistances(of: queries, omission: omission, execution: execution) : nil)
  }

  /// The queries at which a lower degree than requested was used.
  func loweredDegrees(
    _ degrees: [Int8], at queries: Points, omission: Omission
  ) -> [Predictions.LoweredDegree] {
    let lowered = degrees.indices.filter { (0..<degree).contains(Int(degrees[$0])) }
    guard !lowered.isEmpty else { return [] }
    let span = KeySpan(problem, execution: execution)
    return lowered.map { query in
      let others =
        omission == .own && span.restsOn(query)
        ? KeySpan(problem, without: query, execution: execution) : span
      return Predictions.LoweredDegree(
        query: query, degree: Int(degrees[query]),
        attainableDegree: others.degree(at: queries[query]))
    }
  }
}
