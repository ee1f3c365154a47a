internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// Prediction intervals for new values, calibrated on leave-one-out residuals.
  ///
  /// ```
  /// s_i = (vᵢ − ŷ₋ᵢ(kᵢ))/ρ₋ᵢ(kᵢ),   [ŷ(q) + s₍ₗ₎ρ(q), ŷ(q) + s₍ᵤ₎ρ(q)]
  /// ```
  ///
  /// ρ is the local size of residuals: the ``KernelSmoother`` estimate of |vᵢ − ŷ₋ᵢ| with a Gaussian and
  /// its own leave-one-out bandwidth. Intervals therefore widen where the noise does. s₍ₗ₎ and s₍ᵤ₎ are
  /// the scores of rank ⌊(n + 1)(1 − level)/2⌋ from below and from above: the new value's own score is
  /// equally likely to have any rank among them. The noise need not be normal or symmetric.
  ///
  /// ŷ is the estimate of degree p, or p + 1 where p is even: even degrees are biased at the ends of the
  /// data, where intervals around them would miss on one side.
  ///
  /// Averaged over new rows like these, they contain about `level` of the values, whether or not the
  /// curve is right; at a single query only as far as ρ follows the noise there. Rows must be
  /// exchangeable: rows of a trend beyond the data or of a series that depends on its past are not.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - level: the probability, above 0 and below 1.
  /// - Throws: ``KernelRegressionError`` if a query does not fit the keys, the level is not a
  ///   probability, or there are too few rows.
  /// - Complexity: that of leave-one-out predictions at some hundred bandwidths.
  ///
  /// ## Source
  /// J. Lei, M. G'Sell, A. Rinaldo, R. J. Tibshirani and L. Wasserman, Distribution-free predictive
  /// inference for regression, Journal of the American Statistical Association 113 (2018),
  /// doi:10.1080/01621459.2017.1307116, section 5.2; R. F. Barber, E. J. Candès, A. Ramdas and R. J.
  /// Tibshirani, Predictive inference with the jackknife+, Annals of Statistics 49 (2021),
  /// doi:10.1214/20-AOS1965.
  public func predictionIntervals(
    at queries: Queries, level: Double
  ) throws(KernelRegressionError) -> Intervals {
    try Self.validate(level: level)
    let points = try resolvedForAllRows(queries)
    var lenient = try ofOddDegree()
    let estimates = try lenient.predict(at: .points(points)).estimates
    lenient.emptyWindow = .notANumber
    let left = try lenient.predict(at: .leaveOneOut).estimates
    var lower: [[Double]] = []
    var upper: [[Double]] = []
    for column in values.indices {
      let residuals = zip(values[column], left[column]).map { $0 - $1 }
      let rows = keys.indices.filter { residuals[$0].isFinite && weight($0) > 0 }
      guard rows.count > 1 else {
        throw KernelRegressionError(
          .tooFewKeys,
          "prediction intervals need at least two rows that other rows support, not \(rows.count)"
        )
      }
      let scale = try localSize(residuals, of: rows)
      let sizes = try scale.predict(at: .points(points)).values
      let ownSizes = try scale.predict(at: .leaveOneOut).values
      let scores = zip(rows, ownSizes).map { row, size in
        residuals[row] == 0 ? 0 : residuals[row] / size
      }.sorted()
      let rank = Int((Double(scores.count + 1) * (1 - level) / 2).rounded(.down))
      let (low, high) =
        rank < 1
        ? (-Double.infinity, Double.infinity) : (scores[rank - 1], scores[scores.count - rank])
      func end(_ score: Double) -> [Double] {
        zip(estimates[column], sizes).map { estimate, size in
          score.isFinite ? estimate + score * size : estimate.isNaN ? .nan : score
        }
      }
      lower.append(end(low))
      upper.append(end(high))
    }
    return Intervals(level: level, estimates: estimates, lower: lower, upper: upper)
  }

  /// Labels have neither ends nor a slope.
  private func ofOddDegree() throws(KernelRegressionError) -> KernelSmoother {
    guard degree.isMultiple(of: 2), !similarity.bandwidths.isEmpty, neighbors == nil else {
      return self
    }
    return try ofDegree(degree + 1)
  }

  /// The estimator of the local size of residuals.
  private func localSize(
    _ residuals: [Double], of rows: [Int]
  ) throws(KernelRegressionError) -> KernelSmoother {
    let sizes = Sample(
      checked: keys.selecting(rows),
      [rows.map { residuals[$0].magnitude }],
      observationWeights.map { weights in rows.map { weights[$0] } })
    let similarity = Similarity(labels: similarity.labels.map(\.kernel))
    let computation = Computation(execution.unreported)
    let bandwidths = try Bandwidths.select(
      .leaveOneOut, for: sizes, similarity: similarity, computation: computation
    ).bandwidths
    return try KernelSmoother(
      sizes, similarity.withBandwidths(bandwidths), computation: computation)
  }
}
