internal import KernelSums
public import SimilarityKernels

extension LocalPolynomial {
  /// Estimates at queries in any number of inputs.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - gradients: whether to add the derivatives, which come with a degree of 1 or more.
  ///   - diagnostics: whether to add effective sample sizes and distances to the nearest key,
  ///     which cost a second pass over the keys.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not finite,
  ///   or gradients are asked of degree 0; under ``EmptyWindowPolicy/fail`` also if no key supports
  ///   a query.
  /// - Complexity: that of the engine's sums, and O(N³) for each query with N coefficients, on all
  ///   threads.
  public func predict(
    _ queries: Points, gradients: Bool = false, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    try base.validate(queries: queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.predictions(
        at: queries, omission: .none, gradients: gradients, diagnostics: diagnostics)
    }
  }

  /// The estimate at each key from all keys but itself; rows that tie with it stay.
  ///
  /// It equals refitting without the row.
  ///
  /// - Parameters: those of ``predict(_:gradients:diagnostics:)``.
  /// - Throws: ``KernelRegressionError`` if gradients are asked of degree 0; under
  ///   ``EmptyWindowPolicy/fail`` also if a key is supported by no other.
  /// - Complexity: that of a prediction at n queries.
  public func leaveOneOut(
    gradients: Bool = false, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    try finished { estimator throws(KernelRegressionError) in
      try LocalPolynomial(base: estimator.base.plannedForOwnKeys()).predictions(
        at: keys, omission: .own, gradients: gradients, diagnostics: diagnostics)
    }
  }

  private func predictions(
    at queries: Points, omission: Omission, gradients: Bool, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions {
    if gradients, degree == 0 {
      throw KernelRegressionError(
        .invalidDegree, "gradients are those of a polynomial of degree 1 to 3, not 0")
    }
    guard degree > 0 else {
      return try base.estimate(at: queries, omission: omission, diagnostics: diagnostics)
    }
    var estimates = values.map { _ in [Double]() }
    var slopes = values.map { _ in similarity.bandwidths.map { _ in [Double]() } }
    var degrees: [Int8] = []
    var amplifications: [Double] = []
    var effectiveSampleSizes: [Double] = []
    for (run, execution) in base.runs(of: queries) {
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
    if extrapolationPolicy == .notANumber {
      for query in extrapolations {
        for column in values.indices {
          estimates[column][query] = .nan
          guard gradients else { continue }
          for input in slopes[column].indices { slopes[column][input][query] = .nan }
        }
      }
    }
    let empty = degrees.indices.filter { degrees[$0] < 0 }
    try base.fill(empty, of: &estimates, at: queries, omission: omission)
    try execution.checkCancellation()
    return Predictions(
      estimates: estimates, gradients: gradients ? slopes : nil, emptyWindows: empty,
      loweredDegrees: loweredDegrees(degrees, at: queries, omission: omission),
      extrapolations: extrapolations,
      effectiveSampleSizes: diagnostics ? effectiveSampleSizes : nil,
      nearestDistances: diagnostics
        ? base.problem.nearestKeys(
          to: queries, excluding: omission == .own ? Array(keys.indices) : nil,
          execution: execution
        ).map(\.distance) : nil)
  }

  /// The queries at which a degree below the one asked for served.
  func loweredDegrees(
    _ degrees: [Int8], at queries: Points, omission: Omission
  ) -> [Predictions.LoweredDegree] {
    let lowered = degrees.indices.filter { (0..<degree).contains(Int(degrees[$0])) }
    guard !lowered.isEmpty else { return [] }
    let span = KeySpan(base.problem, execution: execution)
    return lowered.map { query in
      let others =
        omission == .own && span.restsOn(query)
        ? KeySpan(base.problem, without: query, execution: execution) : span
      return Predictions.LoweredDegree(
        query: query, degree: Int(degrees[query]),
        attainableDegree: others.degree(at: queries[query]))
    }
  }
}
