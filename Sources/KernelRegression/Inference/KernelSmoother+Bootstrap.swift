internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// The wild bootstrap: a statistic recomputed under other noise of the same size in each row.
  ///
  /// ```
  /// v*ᵢ = ŷ(kᵢ) + ηᵢ √(eᵢ e₋ᵢ),   ηᵢ = ±1
  /// ```
  ///
  /// e and e₋ are the residuals with and without the row; their product is eᵢ²/(1 − Hᵢᵢ) where bandwidths
  /// are fixed. A row that nearly determines its own estimate gets noise of the size of the rows around
  /// it; where those give none either, as for an isolated row, no noise is drawn.
  ///
  /// Use it for statistics without a formula: the place of a maximum, the difference between two queries,
  /// a gradient, a bandwidth. Each replicate keeps keys, weights and bandwidths and changes the values;
  /// noise may differ from row to row. It shows how noise spreads a statistic, not how smoothing biases
  /// it: use an estimator of higher degree where bias matters. Rows must be independent.
  ///
  /// - Parameters:
  ///   - replicates: how many; a few hundred for a standard error, a thousand for an interval.
  ///   - seed: the same seed gives the same signs.
  ///   - statistic: computes the statistic from the estimator of each replicate, which has the same
  ///     shape.
  /// - Returns: the statistic of each replicate.
  /// - Throws: ``KernelRegressionError`` from the estimators or from `statistic`.
  /// - Complexity: `replicates` estimators, one after the other.
  ///
  /// ## Source
  /// E. Mammen, Bootstrap and wild bootstrap for high dimensional linear models, Annals of Statistics 21
  /// (1993), doi:10.1214/aos/1176349025; signs from R. Davidson and E. Flachaire, The wild bootstrap,
  /// tamed at last, Journal of Econometrics 146 (2008), doi:10.1016/j.jeconom.2008.08.003.
  public func wildBootstrap<Statistic>(
    replicates: Int, seed: UInt64 = 0,
    _ statistic: (KernelSmoother) throws(KernelRegressionError) -> Statistic
  ) throws(KernelRegressionError) -> [Statistic] {
    precondition(replicates >= 1, "a bootstrap needs at least one replicate")
    let fitted = try predict(at: .keys).estimates
    let noise = try noiseSizes()
    var silent = self
    silent.execution.progress = nil
    var random = SplitMix(seed: seed)
    var statistics: [Statistic] = []
    for replicate in 0..<replicates {
      try execution.checkCancellation()
      let signs = keys.indices.map { _ in random.next() & 1 == 0 ? 1.0 : -1 }
      let replicated = zip(fitted, noise).map { fitted, noise in
        keys.indices.map { fitted[$0].isNaN ? 0 : fitted[$0] + signs[$0] * noise[$0] }
      }
      statistics.append(try statistic(try silent.withValues(replicated)))
      execution.progress?(Double(replicate + 1) / Double(replicates))
    }
    return statistics
  }

  /// √(eᵢ e₋ᵢ) of each row, 0 where its noise is unknown.
  func noiseSizes() throws(KernelRegressionError) -> [[Double]] {
    guard neighbors != nil else {
      let variances = try rowVariances()
      return values.indices.map { column in
        variances.own[column].map { $0.isNaN ? 0 : variances.scales[column] * .sqrt($0) }
      }
    }
    let fitted = try predict(at: .keys).estimates
    var lenient = self
    lenient.emptyWindow = .notANumber
    let left = try lenient.predict(at: .leaveOneOut).estimates
    return values.indices.map { column in
      keys.indices.map { row in
        let (with, without) = (
          values[column][row] - fitted[column][row], values[column][row] - left[column][row]
        )
        return (with > 0) == (without > 0) && !without.isNaN
          ? with.magnitude.squareRoot() * without.magnitude.squareRoot() : 0
      }
    }
  }
}

extension KernelSmoother {
  /// Noise in the bias-corrected estimate.
  func correctedNoise(
    at queries: Points, _ level: Double, _ replicates: Int, _ seed: UInt64, _ gradients: Bool
  ) throws(KernelRegressionError) -> BootstrapNoise {
    var corrected = try correctedForBias()
    corrected.emptyWindow = .notANumber
    corrected.execution = execution.unreported
    let variances = try corrected.rowVariances()
    let sizes = values.indices.map { column in
      keys.indices.map { row in
        let variance = variances.whole(column, row)
        return variance.isNaN ? 0 : variances.scales[column] * .sqrt(variance)
      }
    }
    let (noise, _) = try corrected.noise(at: queries, variances, measuresPath: false)
    let factors = values.indices.map { column in
      queries.indices.map { query in
        guard noise.freedom(query) >= 1 else { return Double.nan }
        let own = noise.noise(column, query)
        return Self.studentFactor(level, noise.freedom(query))
          * (own > 0 ? noise.deviation(column, query) / own : 1)
      }
    }
    return BootstrapNoise(
      fit: try corrected.predict(at: .points(queries), gradients: gradients),
      draws: try corrected.draws(
        of: sizes, around: sizes.map { $0.map { _ in 0 } }, replicates, seed
      ) {
        estimator throws(KernelRegressionError) in
        try estimator.predict(at: .points(queries), gradients: gradients)
      },
      factors: factors, holdsBias: false)
  }

  /// Noise and bias of an estimate whose bandwidths follow from the nearest keys.
  ///
  /// - Parameter fit: the estimate, with its effective sample sizes, which are also the degrees of
  ///   freedom of its variance.
  func noiseOfNeighbors(
    _ fit: Predictions, at queries: Points, _ level: Double, _ replicates: Int, _ seed: UInt64
  ) throws(KernelRegressionError) -> BootstrapNoise {
    let fitted = try predict(at: .keys).estimates
    let draws = try draws(of: noiseSizes(), around: fitted, replicates, seed) {
      estimator throws(KernelRegressionError) in
      try estimator.predict(at: .points(queries))
    }
    return BootstrapNoise(
      fit: fit, draws: draws,
      factors: values.map { _ in
        (fit.effectiveSampleSizes ?? []).map { Self.studentFactor(level, max($0, 1)) }
      },
      holdsBias: true)
  }

  /// The quantile of Student's distribution divided by the normal quantile.
  private static func studentFactor(_ level: Double, _ freedom: Double) -> Double {
    let tail = (1 - level) / 2
    return studentQuantile(complement: tail, degreesOfFreedom: freedom)
      / normalQuantile(complement: tail)
  }

  /// Results of the estimator under normal noise of given sizes.
  private func draws(
    of sizes: [[Double]], around centres: [[Double]], _ replicates: Int, _ seed: UInt64,
    _ answer: (KernelSmoother) throws(KernelRegressionError) -> Predictions
  ) throws(KernelRegressionError) -> [Predictions] {
    precondition(replicates >= 1, "a bootstrap needs at least one replicate")
    var silent = self
    silent.execution.progress = nil
    var random = SplitMix(seed: seed)
    var draws: [Predictions] = []
    for replicate in 0..<replicates {
      try execution.checkCancellation()
      let normal = random.normal(count: keys.count)
      let replicated = zip(centres, sizes).map { centres, sizes in
        keys.indices.map { centres[$0].isNaN ? 0 : centres[$0] + normal[$0] * sizes[$0] }
      }
      draws.append(try answer(try silent.withValues(replicated)))
      execution.progress?(Double(replicate + 1) / Double(replicates))
    }
    return draws
  }
}

extension SplitMix {
  /// Independent numbers from the standard normal distribution.
  ///
  /// ## Source
  /// G. E. P. Box and M. E. Muller, A note on the generation of random normal deviates, Annals of
  /// Mathematical Statistics 29 (1958), doi:10.1214/aoms/1177706645.
  fileprivate mutating func normal(count: Int) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(count + 1)
    while numbers.count < count {
      let radius = Double.sqrt(-2 * .log((Double(next() >> 11) + 0.5) * 0x1p-53))
      let angle = 2 * Double.pi * (Double(next() >> 11) * 0x1p-53)
      numbers += [radius * .cos(angle), radius * .sin(angle)]
    }
    if numbers.count > count { numbers.removeLast() }
    return numbers
  }
}
