public import SimilarityKernels

/// Intervals from the spread of replicates.
public struct BootstrapIntervals: Sendable {
  /// The probability with which an interval is to hold the curve.
  public let level: Double

  /// For each value column those of the estimates.
  public let estimates: [Ends]

  /// For each value column and input those of the gradients; nil unless they were asked for.
  public let gradients: [[Ends]]?

  /// Intervals at each query.
  public struct Ends: Sendable {
    /// The standard deviation of the replicates.
    public let standardErrors: [Double]
    /// The lower ends.
    public let lower: [Double]
    /// The upper ends.
    public let upper: [Double]
  }
}

extension LocalPolynomial {
  /// Intervals by the wild bootstrap, for estimates whose bandwidths follow from nearest keys and for
  /// gradients, which have no formula here.
  ///
  /// ```
  /// [2ŷ − y*₍ᵤ₎, 2ŷ − y*₍ₗ₎]
  /// ```
  ///
  /// y*₍ₗ₎ and y*₍ᵤ₎ are the replicates of rank (1 − level)/2 from below and above: what replicates miss
  /// the fit by, from which they were drawn, the fit is taken to miss the curve by, bias included.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - level: the probability, above 0 and below 1.
  ///   - replicates: how many; at least 20/(1 − level) for ends that are not left to chance.
  ///   - seed: the same seed gives the same intervals.
  ///   - gradients: whether to add those of the derivatives, which come with a degree of 1 or more.
  /// - Throws: ``KernelRegressionError`` if a query does not fit the keys, the level is no probability,
  ///   or gradients are asked of degree 0.
  /// - Complexity: `replicates` predictions, and a sort of them for each query.
  ///
  /// ## Source
  /// A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (Cambridge, 1997),
  /// section 5.2; see ``wildBootstrap(replicates:seed:_:)``.
  public func bootstrapIntervals(
    at queries: Points, level: Double, replicates: Int, seed: UInt64 = 0, gradients: Bool = false
  ) throws(KernelRegressionError) -> BootstrapIntervals {
    try Self.validate(level: level)
    let fit = try predict(queries, gradients: gradients)
    let draws = try wildBootstrap(replicates: replicates, seed: seed) {
      (replicate) throws(KernelRegressionError) in
      try replicate.predict(queries, gradients: gradients)
    }
    func ends(_ estimates: [Double], _ replicates: [[Double]]) -> BootstrapIntervals.Ends {
      .init(of: estimates, replicates: replicates, level: level)
    }
    return BootstrapIntervals(
      level: level,
      estimates: values.indices.map { column in
        ends(fit.estimates[column], draws.map { $0.estimates[column] })
      },
      gradients: fit.gradients.map { slopes in
        values.indices.map { column in
          slopes[column].indices.map { input in
            ends(slopes[column][input], draws.map { $0.gradients?[column][input] ?? [] })
          }
        }
      })
  }
}

extension BootstrapIntervals.Ends {
  fileprivate init(of estimates: [Double], replicates: [[Double]], level: Double) {
    let count = Double(replicates.count)
    let rank = max(Int(((count + 1) * (1 - level) / 2).rounded(.down)), 1)
    var errors: [Double] = []
    var lower: [Double] = []
    var upper: [Double] = []
    for (query, estimate) in estimates.enumerated() {
      let draws = replicates.map { $0[query] }
      guard estimate.isFinite, draws.allSatisfy(\.isFinite) else {
        errors.append(.nan)
        lower.append(.nan)
        upper.append(.nan)
        continue
      }
      let mean = draws.reduce(0, +) / count
      let square = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      errors.append((square / max(count - 1, 1)).squareRoot())
      let sorted = draws.sorted()
      lower.append(2 * estimate - sorted[sorted.count - rank])
      upper.append(2 * estimate - sorted[rank - 1])
    }
    self.init(standardErrors: errors, lower: lower, upper: upper)
  }
}
