internal import KernelSums
internal import RealModule
internal import SimilarityKernels

// The criteria of some rows against all keys, with their derivatives along the logarithms of the bandwidths.
//
// With e₋ᵢ the residual of row i left out, g = (S₋ᵢ⁻¹)₀₀, κ = ωᵢ K(0) and pᵢ = 1 − Hᵢᵢ = 1/(1 + κg), the residual
// of the fit is eᵢ = pᵢ e₋ᵢ, and with a dash for ∂/∂ln h
//
//     (Σω e₋²)′ = −2 Σω e₋ ŷ₋′,    p′ = −p² κ g′,    (Σω e²)′ = 2 Σω (p² e₋ (−ŷ₋′) + p e₋² p′).
//
// `BandwidthSlopes` gives ŷ₋′ and g′ of all inputs at once for the price of one evaluation, where differences
// take two for each input.

/// The criteria of some rows, and how they change with ln h of each input.
struct CriterionSlopes {
  let report: CriterionReport

  /// The squared residuals of each row that was left out, for each value column.
  let leaveOneOutSquares: [[Double]]

  /// The derivatives of the report's numbers, input by input; nil where they are not known.
  struct Slopes {
    /// Those of the mean squares left out, for each value column.
    var leaveOneOut: [[Double]]
    /// Those of MSE, for each value column; they and the next are 0 unless asked for.
    var meanSquares: [[Double]]
    /// Those of n − tr(H).
    var residualFreedom: [Double]
  }

  let slopes: Slopes?
}

extension CriterionSlopes.Slopes {
  /// The derivatives of a criterion, for each value column.
  func criteria(_ method: BandwidthMethod, of report: CriterionReport) -> [[Double]] {
    guard method != .leaveOneOut else { return leaveOneOut }
    let count = Double(report.rowCount)
    let freedom = report.residualFreedom
    return meanSquares.indices.map { column in
      let mean = report.meanSquares[column]
      return zip(meanSquares[column], residualFreedom).map { slope, freed in
        switch method {
        case .generalizedCrossValidation:
          let share = freedom / count
          return (slope - 2 * mean * freed / freedom) / (share * share)
        default:
          return slope / mean - (2 * count - 2) / ((freedom - 2) * (freedom - 2)) * freed
        }
      }
    }
  }
}

extension KernelSmoother {
  /// The criteria of a run of rows and their slopes.
  ///
  /// - Parameters:
  ///   - rows: the rows left out one by one; all keys serve.
  ///   - wantsSlopes: whether slopes are asked for, if the kernel is the Gaussian.
  ///   - inverses: whether criteria of the trace are asked for as well.
  func criterionSlopes(
    in rows: Range<Int>, wantsSlopes: Bool, inverses: Bool
  ) throws(KernelRegressionError) -> CriterionSlopes {
    try finished { estimator throws(KernelRegressionError) in
      try estimator.slopes(in: rows, wantsSlopes: wantsSlopes, inverses: inverses)
    }
  }

  private func slopes(
    in rows: Range<Int>, wantsSlopes: Bool, inverses: Bool
  ) throws(KernelRegressionError) -> CriterionSlopes {
    let execution = execution.unreported
    let kept = wantsSlopes ? FitSlopes(problem, count: rows.count) : nil
    let fits = fits(
      at: keys, in: rows, omission: .own, squares: false, slopes: false, keptBy: kept,
      execution: execution)
    try execution.checkCancellation()
    if let kept, degree == 0 {
      let unknown = kept.unknown
      keyWeights.forEachQuery(
        unknown.map { rows.lowerBound + $0 }, of: keys, omission: .own, execution: execution
      ) { place, weights in
        kept.take(weights, at: unknown[place], query: keys[rows.lowerBound + unknown[place]])
      }
    }
    let changes = kept?.finished(first: rows.lowerBound, inverses: inverses, execution: execution)
    try execution.checkCancellation()
    return summary(of: fits, changes, in: rows)
  }

  private func summary(
    of fits: QueryFits, _ changes: [Double]?, in rows: Range<Int>
  ) -> CriterionSlopes {
    let inputs = similarity.bandwidths.count
    let unit = similarity.weight(query: keys[0], key: keys[0])
    let inverses = fits.inverses
    let none = values.map { _ in [Double](repeating: 0, count: inputs) }
    var slopes = CriterionSlopes.Slopes(
      leaveOneOut: none, meanSquares: none,
      residualFreedom: [Double](repeating: 0, count: inputs))
    var tally = CriterionTally(columnCount: values.count)
    var squares = values.map { _ in [Double](repeating: 0, count: rows.count) }
    let estimates = values.indices.map { fits.estimates($0) }
    var unsupported = 0
    for (slot, row) in rows.enumerated() {
      let weight = weight(row)
      tally.rowCount += 1
      tally.weight += weight
      guard fits.degrees[slot] >= 0 else {
        unsupported += 1
        continue
      }
      let own = weight * unit
      let freedom = 1 / (1 + own * inverses[slot])
      tally.residualFreedom += freedom
      let width = (1 + values.count) * inputs
      for input in 0..<inputs {
        slopes.residualFreedom[input] -=
          freedom * freedom * own * (changes?[slot * width + input] ?? 0)
      }
      for column in values.indices {
        let residual = values[column][row] - estimates[column][slot]
        squares[column][slot] = residual * residual
        let kept = residual * freedom
        tally.leaveOneOutSquares[column] += weight * residual * residual
        tally.squares[column] += weight * kept * kept
        guard let changes else { continue }
        for input in 0..<inputs {
          let change = changes[slot * width + (1 + column) * inputs + input] * valueScales[column]
          let freed = -freedom * freedom * own * changes[slot * width + input]
          slopes.leaveOneOut[column][input] -= 2 * weight * residual * change
          slopes.meanSquares[column][input] +=
            2 * weight * (residual * freedom * freed * residual - kept * freedom * change)
        }
      }
    }
    if unsupported > 0 { tally.leaveOneOutSquares = values.map { _ in .nan } }
    for column in values.indices {
      for input in 0..<inputs {
        slopes.leaveOneOut[column][input] /= tally.weight
        slopes.meanSquares[column][input] /= tally.weight
      }
    }
    return CriterionSlopes(
      report: tally.report(unsupportedRows: unsupported), leaveOneOutSquares: squares,
      slopes: changes == nil || unsupported > 0 ? nil : slopes)
  }
}
