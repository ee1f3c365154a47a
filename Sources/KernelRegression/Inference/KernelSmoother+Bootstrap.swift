internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// The wild bootstrap: what a statistic would be under other noise of the same size, row by row.
  ///
  /// ```
  /// v*ᵢ = ŷ(kᵢ) + ηᵢ √(eᵢ e₋ᵢ),   ηᵢ = ±1
  /// ```
  ///
  /// e and e₋ are the residuals with and without the row, whose product is eᵢ²/(1 − Hᵢᵢ) where bandwidths
  /// are fixed. A row that all but determines its own estimate gets noise of the size that the rows around it
  /// have; where those tell nothing either, as for a row that stands alone, none is drawn.
  ///
  /// For what has no formula: the place of a maximum, the difference between two queries, a gradient,
  /// a bandwidth. Each replicate keeps keys, weights and bandwidths and changes the values; noise may
  /// differ from row to row. It tells how noise spreads a statistic, not how far smoothing biases it:
  /// give it an estimator of higher degree where that matters. Rows must be independent.
  ///
  /// - Parameters:
  ///   - replicates: how many; some hundreds for a standard error, a thousand for an interval.
  ///   - seed: the same seed gives the same signs.
  ///   - statistic: what is asked of the estimator of each replicate, which has the same shape.
  /// - Returns: the statistic of each replicate.
  /// - Throws: ``KernelRegressionError`` from the estimators or from `statistic`.
  /// - Complexity: `replicates` estimators, one after the other.
  ///
  /// ## Source
  /// E. Mammen, Bootstrap and wild bootstrap for high dimensional linear models, Annals of Statistics 21
  /// (1993), doi:10.1214/aos/1176349025; signs after R. Davidson and E. Flachaire, The wild bootstrap,
  /// tamed at last, Journal of Econometrics 146 (2008), doi:10.1016/j.jeconom.2008.08.003.
  public func wildBootstrap<Statistic>(
    replicates: Int, seed: UInt64 = 0,
    _ statistic: (KernelSmoother) throws(KernelRegressionError) -> Statistic
  ) throws(KernelRegressionError) -> [Statistic] {
    precondition(replicates >= 1, "a bootstrap has at least one replicate")
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

  /// √(eᵢ e₋ᵢ) of each row, 0 where nothing is known of its noise.
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
