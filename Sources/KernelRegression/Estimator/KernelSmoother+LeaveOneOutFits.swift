internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// The estimates without each row, and from them the residuals and leverages of the fit to all rows.
  ///
  /// ```
  /// g = (S₋ᵢ⁻¹)₀₀,   κ = ωᵢ α(kᵢ, kᵢ),   Hᵢᵢ = κg/(1 + κg),   eᵢ = e₋ᵢ/(1 + κg)
  /// ```
  ///
  /// S₋ᵢ is Σωαzzᵀ about kᵢ without row i, and e₋ᵢ = vᵢ − ŷ₋ᵢ(kᵢ): row i adds κ only to the first element
  /// of S. Nothing is subtracted, so a row that nearly determines its own fit keeps its digits.
  ///
  /// Where the other rows do not determine the value at kᵢ, row i alone does: Hᵢᵢ = 1 and eᵢ = 0.
  ///
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if no other key supports a key.
  /// - Complexity: that of a prediction at n queries.
  ///
  /// ## Source
  /// W. S. Cleveland and S. J. Devlin, Locally weighted regression, Journal of the American
  /// Statistical Association 83 (1988), doi:10.1080/01621459.1988.10478639, for leverages; the rank-one
  /// identity is due to J. Sherman and W. J. Morrison (1950), doi:10.1214/aoms/1177729893.
  package func leaveOneOutFits() throws(KernelRegressionError) -> LeaveOneOutFits {
    try finished { estimator throws(KernelRegressionError) in
      let planned = try estimator.planned(forQueries: keys.count)
      return try planned.fitsWithoutOwn(in: planned.runs(of: keys))
    }
  }

  /// The same for some of the rows; what is said of others has no meaning.
  func fitsWithoutOwn(
    in runs: [(run: Range<Int>, execution: Execution)]
  ) throws(KernelRegressionError) -> LeaveOneOutFits {
    let count = keys.count
    var estimates = values.map { _ in [Double](repeating: 0, count: count) }
    var ratios = [Double](repeating: 0, count: count)
    var degrees = [Int8](repeating: Int8(degree), count: count)
    let span = Once<KeySpan>()
    for (run, execution) in runs {
      let fits = fits(
        at: keys, in: run, omission: .own, squares: false, slopes: false, span: span,
        execution: execution)
      try execution.checkCancellation()
      for column in values.indices {
        estimates[column].replaceSubrange(run, with: fits.estimates(column))
      }
      ratios.replaceSubrange(run, with: fits.inverses)
      degrees.replaceSubrange(run, with: fits.degrees)
    }
    let unit = similarity.weight(
      query: keys[0], key: keys[0])
    for row in 0..<count {
      // κg; a row without weight contributes nothing to its own estimate.
      let own = weight(row) * unit
      ratios[row] = own == 0 ? 0 : degrees[row] < 0 ? .infinity : own * ratios[row]
    }
    let lowered = loweredDegrees(degrees, at: keys, omission: .own)
    // A row determines the value at its own key.
    for row in lowered.map(\.query) where ratios[row] > 0 { ratios[row] = .infinity }
    try execution.checkCancellation()
    let unsupported = (0..<count).filter { degrees[$0] < 0 }
    let residuals = zip(values, estimates).map { values, estimates in
      (0..<count).map { row in
        ratios[row] == .infinity ? 0 : (values[row] - estimates[row]) / (1 + ratios[row])
      }
    }
    try fill(unsupported, of: &estimates, at: keys, omission: .own)
    return LeaveOneOutFits(
      estimates: estimates, residuals: residuals,
      leverages: ratios.map { $0 == .infinity ? 1 : $0 / (1 + $0) },
      freedoms: ratios.map { 1 / (1 + $0) }, unsupported: unsupported,
      loweredDegrees: lowered)
  }
}

/// The results of one leave-one-out pass, which describe the fit to all rows.
package struct LeaveOneOutFits: Sendable {
  /// ŷ₋ᵢ(kᵢ): for each value column the estimate at each key without that key's row.
  ///
  /// Where no other row supports the key, the ``EmptyWindowPolicy`` determines it.
  package let estimates: [[Double]]

  /// eᵢ = vᵢ − ŷ(kᵢ): for each value column the residuals of the fit to all rows.
  package let residuals: [[Double]]

  /// Hᵢᵢ, the weight of each value in its own estimate; their sum is the trace of the smoother.
  package let leverages: [Double]

  /// 1 − Hᵢᵢ, which keeps its digits where a row is nearly alone.
  package let freedoms: [Double]

  /// The rows that no other row supports, in ascending order; their leverage is 1 and their residual 0.
  package let unsupported: [Int]

  /// The rows whose leave-one-out estimate has a lower degree; see ``Predictions/loweredDegrees``.
  package let loweredDegrees: [Predictions.LoweredDegree]
}
