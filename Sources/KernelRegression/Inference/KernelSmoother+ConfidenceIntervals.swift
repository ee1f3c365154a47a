internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// Confidence intervals for the curve at queries: robust, and corrected for bias.
  ///
  /// ```
  /// ŷ_q(x) ± t √(se² + Σᵢ ℓᵢ² (1 − cᵢ) sᵢ² + b²),   se² = Σᵢ ℓᵢ² eᵢ²/(1 − Hᵢᵢ)
  /// cᵢ = (1 − 2Hᵢᵢ + Σⱼ Hᵢⱼ²)/(1 − Hᵢᵢ)
  /// ```
  ///
  /// A bandwidth that makes the error small makes bias and noise similar in size, so an interval around ŷ
  /// that counts only the noise misses the curve too often. The bias is therefore estimated and
  /// subtracted with the same kernel and bandwidth, and its noise counts as well. This amounts to fitting
  /// degree q = p + 1 for odd p, q = p + 2 for even p (whose bias has that order inside the data). ℓ is
  /// the row of that smoother, e and H its residuals and leverages. Each row has its own variance, so the
  /// noise may vary.
  ///
  /// c is the share of a row's variance that its residual shows: 1 in ordinary least squares, less in a
  /// local fit, and almost 0 where the fit passes through the row's value. The rest comes from the rows
  /// around it, s²: the mean of e₋²/(1 + ‖ℓ₋‖²), with leave-one-out residuals and smoothers, under a
  /// Gaussian window wide enough for 20 rows. A row with c < 0.01 also has variance s² in se. A row that
  /// no other row supports has no variance of its own: it takes the mean variance of the others, under
  /// ℓ². Where such rows have more than a tenth of Σℓ², standard error and ends are NaN.
  ///
  /// b² is the remaining bias that the next degree shows for p ≤ 1: the square of its difference from
  /// ŷ_q, minus the variance of that difference where this is smaller. Inside an even design the two
  /// agree; at the edge of a cluster they differ.
  ///
  /// t is the quantile of Student's distribution with (Σℓ²)²/(Σℓ⁴c² + (Σℓ²(1 − c))²/ν) degrees of freedom,
  /// ν half of the rows in the window, because a few rows say little about the noise.
  ///
  /// Smoothing across labels is not corrected.
  ///
  /// The intervals contain the curve at each query with about the requested probability where the curve
  /// is smooth over a bandwidth, rows are independent, and the bandwidth was not chosen to widen or
  /// narrow them. They are not a band for all queries at once (see ``confidenceBand(at:level:)``) and do
  /// not cover new values (see ``predictionIntervals(at:level:)``).
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - level: the probability, above 0 and below 1.
  /// - Throws: ``KernelRegressionError`` if a query does not fit the keys or the level is not a
  ///   probability.
  /// - Complexity: that of a leave-one-out prediction of degree q; O(N) for each key in reach of a query,
  ///   for many queries and p ≤ 1 under a Gaussian in one input O(n + m); and O(N²) for each key in reach of
  ///   a row with H > 1/8, of which there are at most 8 tr(H). O(n + m) memory, besides the rows of a few
  ///   queries at a time under labels and where keys are few.
  ///
  /// ## Source
  /// S. Calonico, M. D. Cattaneo and M. H. Farrell, On the effect of bias estimation on coverage
  /// accuracy in nonparametric inference, Journal of the American Statistical Association 113 (2018),
  /// doi:10.1080/01621459.2017.1285776. J. G. MacKinnon and H. White, Some
  /// heteroskedasticity-consistent covariance matrix estimators, Journal of Econometrics 29 (1985),
  /// doi:10.1016/0304-4076(85)90158-7, for the variances (HC2); R. M. Bell and D. F. McCaffrey, Bias
  /// reduction in standard errors for linear regression, Survey Methodology 28 (2002), for t.
  public func confidenceIntervals(
    at queries: Queries, level: Double
  ) throws(KernelRegressionError) -> Intervals {
    try Self.validate(level: level)
    let points = try resolvedForAllRows(queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.correctedForBias().intervals(at: points, level: level) { _ in (1 - level) / 2 }
    }
  }

  /// A confidence band: intervals that contain the curve at all queries at once.
  ///
  /// Like ``confidenceIntervals(at:level:)``, but each interval has the higher level that makes all of
  /// them hold together. In one input that level follows from the length κ of the path that the rows
  /// ℓ/‖ℓ‖ of neighbouring queries trace on the sphere:
  ///
  /// ```
  /// 1 − level = (κ/π) exp(−c²/2) + 2(1 − Φ(c))
  /// ```
  ///
  /// or from treating the queries as independent, whichever is narrower; in several inputs from the
  /// latter, which is always enough. With many queries close together the band covers the whole curve
  /// between them.
  ///
  /// - Parameters: those of ``confidenceIntervals(at:level:)``.
  /// - Throws: as ``confidenceIntervals(at:level:)`` does.
  /// - Complexity: that of ``confidenceIntervals(at:level:)``.
  ///
  /// ## Source
  /// J. Sun and C. R. Loader, Simultaneous confidence bands for linear regression and smoothing, Annals
  /// of Statistics 22 (1994), doi:10.1214/aos/1176325631.
  public func confidenceBand(
    at queries: Queries, level: Double
  ) throws(KernelRegressionError) -> Intervals {
    try Self.validate(level: level)
    let points = try resolvedForAllRows(queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.correctedForBias().intervals(at: points, level: level, isBand: true) { path in
        // 1 − (1 − tail)^m = 1 − level for m independent queries.
        let independent = -Double.expMinusOne(.log(level) / Double(max(points.count, 1))) / 2
        guard let path else { return independent }
        return max(independent, normalTail(ofBandWithPath: path, level: level))
      }
    }
  }

  static func validate(level: Double) throws(KernelRegressionError) {
    guard level > 0, level < 1 else {
      throw KernelRegressionError(
        .invalidProbability, "the level \(level) is not a probability between 0 and 1")
    }
  }

  /// The estimator of the degree whose bias has higher order.
  func correctedForBias() throws(KernelRegressionError) -> KernelSmoother {
    guard !similarity.bandwidths.isEmpty else { return self }
    return try ofDegree(degree + (degree.isMultiple(of: 2) ? 2 : 1))
  }

  /// - Parameter tail: the probability left out on each side of each interval, given the length of the
  ///   path of the rows if that is known and a band is asked for.
  private func intervals(
    at queries: Points, level: Double, isBand: Bool = false, tail: (Double?) -> Double
  ) throws(KernelRegressionError) -> Intervals {
    let measuresPath = isBand && queries.dimension == 1 && similarity.labels.isEmpty
    let (noise, path) = try noise(at: queries, rowVariances(), measuresPath: measuresPath)
    let tail = tail(measuresPath ? path : nil)
    let normal = normalQuantile(complement: tail)
    let quantiles = SharedNumbers(columns: 1, count: queries.count)
    execution.unreported.forEachBlock(
      of: queries.count, atMost: 1024, scratch: { () },
      body: { block, _ in
        for query in block where noise.freedom(query) >= 1 {
          quantiles[0, query] = studentQuantile(
            complement: tail, normal: normal, degreesOfFreedom: noise.freedom(query))
        }
      })
    func columns(_ number: (_ column: Int, _ query: Int) -> Double) -> [[Double]] {
      values.indices.map { column in queries.indices.map { number(column, $0) } }
    }
    func margin(_ column: Int, _ query: Int) -> Double {
      quantiles[0, query] * noise.deviation(column, query)
    }
    return Intervals(
      level: level, estimates: columns(noise.estimate),
      standardErrors: columns(noise.standardError),
      lower: columns { noise.estimate($0, $1) - margin($0, $1) },
      upper: columns { noise.estimate($0, $1) + margin($0, $1) })
  }
}

/// Φ(−c), c the critical value of a band with this path length.
func normalTail(ofBandWithPath length: Double, level: Double) -> Double {
  var low = 0.0
  var high = 40.0
  for _ in 0..<100 {
    let c = (low + high) / 2
    let missed = length / .pi * .exp(-c * c / 2) + .erfc(c / .sqrt(2))
    if missed > 1 - level { low = c } else { high = c }
  }
  return .erfc(high / .sqrt(2)) / 2
}
