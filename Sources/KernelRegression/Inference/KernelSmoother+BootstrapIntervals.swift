internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// Intervals by the wild bootstrap, for gradients and for estimates whose bandwidths follow from the
  /// nearest keys, which have no formula here.
  ///
  /// ```
  /// v*ᵢ = ηᵢ √vᵢ,   [ŷ_q − τ d₍ᵤ₎, ŷ_q − τ d₍ₗ₎]
  /// ```
  ///
  /// η is normal, vᵢ = eᵢ²/(1 − Hᵢᵢ) plus the variance that leverage hides, and d is the smoother applied
  /// to v*; d₍ₗ₎ and d₍ᵤ₎ are the replicates of rank (1 − level)/2 from below and above. ŷ_q is the
  /// bias-corrected estimate of ``confidenceIntervals(at:level:)``; noise and residuals are those of its
  /// smoother. Replicates take the variances as known, though a few rows say little about them; τ, the
  /// ratio of the Student and normal quantiles, corrects for this.
  ///
  /// Where bandwidths follow from the nearest keys, no degree above 0 corrects the bias. There replicates
  /// are v*ᵢ = ŷ(kᵢ) + ηᵢ √(eᵢ e₋ᵢ), and ŷ is assumed to miss the curve as they miss ŷ, from which they
  /// were drawn, bias included.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - level: the probability, above 0 and below 1.
  ///   - replicates: how many; at least 20/(1 − level) for stable ends.
  ///   - seed: the same seed gives the same intervals.
  ///   - gradients: whether to add intervals of the derivatives, which need a degree of at least 1.
  /// - Throws: ``KernelRegressionError`` if a query does not fit the keys, the level is not a
  ///   probability, or gradients are requested at degree 0.
  /// - Complexity: `replicates` predictions, and a sort of them for each query.
  ///
  /// ## Source
  /// C. F. J. Wu, Jackknife, bootstrap and other resampling methods in regression analysis, Annals of
  /// Statistics 14 (1986), doi:10.1214/aos/1176350142, for normal η and residuals over √(1 − H);
  /// A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (Cambridge, 1997),
  /// section 5.2.
  public func bootstrapIntervals(
    at queries: Queries, level: Double, replicates: Int, seed: UInt64 = 0, gradients: Bool = false
  ) throws(KernelRegressionError) -> Intervals {
    try Self.validate(level: level)
    let points = try resolvedForAllRows(queries)
    let uncorrected = try predict(
      at: .points(points), gradients: gradients, diagnostics: neighbors != nil)
    return try finished { estimator throws(KernelRegressionError) in
      let noise =
        try neighbors == nil
        ? estimator.correctedNoise(at: points, level, replicates, seed, gradients)
        : estimator.noiseOfNeighbors(uncorrected, at: points, level, replicates, seed)
      func intervals(
        of estimates: [[Double]], _ draws: (Predictions, Int) -> [Double],
        gradients: [Intervals]? = nil
      ) -> Intervals {
        let ends = values.indices.map { column in
          DrawnEnds(
            estimates[column], noise.draws.map { draws($0, column) }, noise.factors[column],
            level: level, holdsBias: noise.holdsBias)
        }
        return Intervals(
          level: level, estimates: ends.map(\.centres), standardErrors: ends.map(\.standardErrors),
          lower: ends.map(\.lower), upper: ends.map(\.upper), gradients: gradients)
      }
      let slopes = noise.fit.gradients.map { slopes in
        (slopes.first ?? []).indices.map { input in
          intervals(of: slopes.map { $0[input] }) { $0.gradients?[$1][input] ?? [] }
        }
      }
      return intervals(
        of: noise.fit.estimates, { $0.estimates[$1] }, gradients: slopes)
    }
  }
}

/// Replicates of the noise in estimates.
struct BootstrapNoise {
  /// The estimates and gradients that intervals belong to.
  let fit: Predictions
  /// For each replicate the noise to add to them or, where it includes bias, the estimates in their
  /// place.
  let draws: [Predictions]
  /// For each value column and query the factor by which ends lie farther out than the replicates of
  /// their rank; NaN where the noise is unknown.
  let factors: [[Double]]
  /// Whether the average miss of the replicates is bias, to be subtracted.
  let holdsBias: Bool
}

/// Intervals of one value column, with their centres and the standard deviations of the replicates.
private struct DrawnEnds {
  let centres: [Double]
  let standardErrors: [Double]
  let lower: [Double]
  let upper: [Double]

  init(
    _ estimates: [Double], _ draws: [[Double]], _ factors: [Double], level: Double, holdsBias: Bool
  ) {
    let count = Double(draws.count)
    let rank = max(Int(((count + 1) * (1 - level) / 2).rounded(.down)), 1)
    var centres = estimates
    var errors = [Double](repeating: .nan, count: estimates.count)
    var (lower, upper) = (errors, errors)
    for (query, estimate) in estimates.enumerated() where factors[query].isFinite {
      let draws = draws.map { holdsBias ? $0[query] - estimate : $0[query] }
      guard estimate.isFinite, draws.allSatisfy(\.isFinite) else { continue }
      let largest = draws.reduce(0) { max($0, $1.magnitude) }
      let scale = largest > 0 ? largest : 1
      let mean = draws.reduce(0) { $0 + $1 / scale } / count
      let square = draws.reduce(0) { $0 + ($1 / scale - mean) * ($1 / scale - mean) }
      errors[query] = scale * (square / max(count - 1, 1)).squareRoot()
      if holdsBias { centres[query] -= scale * mean }
      let middle = holdsBias ? scale * mean : 0
      let sorted = draws.sorted()
      let factor = factors[query]
      lower[query] = centres[query] - factor * (sorted[sorted.count - rank] - middle)
      upper[query] = centres[query] - factor * (sorted[rank - 1] - middle)
    }
    self.centres = centres
    standardErrors = errors
    self.lower = lower
    self.upper = upper
  }
}
