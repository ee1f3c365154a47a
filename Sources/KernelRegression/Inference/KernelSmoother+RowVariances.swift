internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension KernelSmoother {
  /// The noise variance of each row.
  ///
  /// - Complexity: that of a leave-one-out prediction; O(N²) for each key in reach of a row of high
  ///   leverage, of which there are at most 8 tr(H), and for these some predictions at wider bandwidths.
  func rowVariances() throws(KernelRegressionError) -> RowVariances {
    var lenient = self
    lenient.emptyWindow = .notANumber
    let fits = try lenient.leaveOneOutFits()
    // Residuals are divided by the largest before squaring, so squares do not overflow in any unit.
    let scales = fits.residuals.map { residuals in
      let largest = residuals.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
      return largest > 0 ? largest : 1
    }
    var own = zip(fits.residuals, scales).map { residuals, scale in
      zip(residuals, fits.freedoms).map { residual, freedom in
        freedom > 0 ? residual / scale * (residual / scale) / freedom : .nan
      }
    }
    // Where leverage hides almost nothing, residuals show all of the variance.
    let rows = fits.freedoms.indices.filter {
      fits.freedoms[$0] < 1 - Self.lowLeverage && weight($0) > 0
    }
    guard !rows.isEmpty else { return RowVariances(scales: scales, own: own, leverage: nil) }
    var seen = fits.freedoms.map { $0 > 0 ? 1.0 : 0 }
    var isAlone = seen.map { _ in false }
    // σ² from each row: e²/(1 − H) where leverage hides almost nothing.
    var single = own
    for (row, length) in zip(rows, try lengthsWithoutOwn(of: rows, unsupported: fits.unsupported)) {
      let share = fits.freedoms[row] * length
      seen[row] = share.isNaN ? 0 : min(share, 1)
      isAlone[row] = length.isNaN
      for column in values.indices {
        let residual = (values[column][row] - fits.estimates[column][row]) / scales[column]
        single[column][row] = residual / length * residual
      }
    }
    var leverage = RowVariances.Leverage(
      hidden: own.map { $0.map { _ in 0 } }, seen: seen, poolFreedoms: seen.map { _ in .infinity })
    let hiding = rows.filter { seen[$0] < 1 }
    let pool = try pooled(single, around: hiding)
    for (place, row) in hiding.enumerated() {
      let hasOwn = seen[row] >= RowVariances.leastSeen
      leverage.poolFreedoms[row] = pool.freedoms[place]
      for column in values.indices {
        let around = pool.variances[column][place]
        own[column][row] = hasOwn ? own[column][row] : isAlone[row] ? .nan : around
        leverage.hidden[column][row] =
          !hasOwn
          ? 0 : (1 - seen[row]) * (around.isNaN ? own[column][row] / seen[row] : around)
      }
      if !hasOwn { leverage.seen[row] = 0 }
      if pool.freedoms[place].isNaN { leverage.poolFreedoms[row] = 1 }
    }
    return RowVariances(scales: scales, own: own, leverage: leverage)
  }

  /// Rows with leverage up to this count as showing all of their variance; the error is less than that.
  private static var lowLeverage: Double { 0.125 }

  /// 1 + ‖ℓ₋‖² for some rows; NaN where no other row supports one.
  private func lengthsWithoutOwn(
    of rows: [Int], unsupported: [Int]
  ) throws(KernelRegressionError) -> [Double] {
    var lengths = [Double](repeating: .nan, count: rows.count)
    var degrees = [Int](repeating: -1, count: rows.count)
    func length(_ row: [(key: Int, weight: Double)]) -> Double {
      row.reduce(1) { $0 + $1.weight * $1.weight }
    }
    lengths.withUnsafeMutableBufferPointer { lengths in
      degrees.withUnsafeMutableBufferPointer { degrees in
        nonisolated(unsafe) let (lengths, degrees) = (lengths, degrees)
        keyWeights.forEachQuery(
          rows, of: keys, omission: .own, execution: execution.unreported
        ) { place, weights in
          let fit = CarefulFit(problem)
          fit.fit(at: keys[rows[place]], weights: weights)
          degrees[place] = fit.degree
          if fit.degree >= 0 { lengths[place] = length(fit.smootherWeights()) }
        }
      }
    }
    try execution.checkCancellation()
    let alone = Set(unsupported)
    let isLowered = zip(rows, degrees).contains { $1 < degree && !alone.contains($0) }
    let span = isLowered ? KeySpan(problem, execution: execution) : nil
    for (place, row) in rows.enumerated() where degrees[place] < degree {
      guard !alone.contains(row) else {
        lengths[place] = .nan
        continue
      }
      guard let span, degrees[place] < span.degree(at: keys[row]) else { continue }
      if let far = smootherRow(of: row, among: keys, leavesOutOwn: true) {
        lengths[place] = length(far.entries)
      }
      try execution.checkCancellation()
    }
    return lengths
  }

  /// The mean variance of the rows around some rows, and its degrees of freedom.
  ///
  /// A Gaussian window around a row doubles its bandwidth until it has an effective size (Σw)²/Σw² of
  /// ``poolSize`` rows. In a causal fit these are earlier rows. Neighbouring residuals share rows, so
  /// each row counts as half a degree of freedom.
  private func pooled(
    _ single: [[Double]], around rows: [Int]
  ) throws(KernelRegressionError) -> (variances: [[Double]], freedoms: [Double]) {
    var variances = values.map { _ in [Double](repeating: .nan, count: rows.count) }
    var freedoms = [Double](repeating: .nan, count: rows.count)
    let known = keys.indices.map { row in
      weight(row) > 0 && single.allSatisfy { $0[row].isFinite }
    }
    guard !rows.isEmpty, known.contains(true) else { return (variances, freedoms) }
    // All rows, with weight 0 for unknown ones, so that labels keep their levels.
    var around = try KernelSmoother(
      Sample(
        checked: keys, single.map { column in zip(column, known).map { $1 ? $0 : 0 } },
        keys.indices.map { known[$0] ? weight($0) : 0 }),
      similarity.withKernel(.gaussian), isCausal: isCausal,
      computation: Computation(execution.unreported, queryCount: rows.count))
    // In a causal fit later rows must not decide where a window ends; a window this wide is flat whatever
    // the keys.
    let widest = similarity.bandwidths.indices.map { input in
      let column = keys.column(input)
      return isCausal
        ? min(0x1p40 * similarity.bandwidths[input], .greatestFiniteMagnitude)
        : (column.max() ?? 0) - (column.min() ?? 0)
    }
    var left = Array(rows.indices)
    var bandwidths = similarity.bandwidths
    while !left.isEmpty {
      let isWidest = !zip(bandwidths, widest).contains { $0 < $1 }
      let found = try around.predict(
        at: .points(
          Points(rowMajor: left.flatMap { keys[rows[$0]] }, dimension: keys.dimension)),
        diagnostics: true)
      let sizes = found.effectiveSampleSizes ?? []
      for (place, index) in left.enumerated() where sizes[place] >= Self.leastPoolSize {
        freedoms[index] = sizes[place] / 2
        for column in values.indices { variances[column][index] = found.estimates[column][place] }
      }
      left = zip(left, sizes).filter { $1 < Self.poolSize }.map(\.0)
      guard !isWidest else { break }
      bandwidths = bandwidths.map { min(2 * $0, .greatestFiniteMagnitude) }
      around = try around.withBandwidths(bandwidths + similarity.labels.map(\.bandwidth))
    }
    return (variances, freedoms)
  }

  /// This many rows give the size of the noise within a third.
  private static var poolSize: Double { 20 }

  /// With fewer rows the noise is unknown.
  private static var leastPoolSize: Double { 1.5 }
}
