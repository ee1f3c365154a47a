internal import RealModule
internal import SimilarityKernels

/// The rows from which a bandwidth is chosen.
///
/// Rows without weight are left out from the start. Values and weights are divided by powers of two
/// near their largest, so that neither a square nor a sum leaves the range of doubles and the
/// units change no choice. Values are taken from their mean, which changes no residual and spares
/// the digits of small ones.
struct SelectionTable: Sendable {
  /// The keys of the rows that have weight.
  let keys: Points

  /// The value columns, scaled and taken from their means.
  let values: [[Double]]

  /// The observation weights, scaled; nil stands for ones.
  let observationWeights: [Double]?

  /// The variance of each value column.
  let variances: [Double]

  /// The power of two of a single value column; 1 for several.
  let unit: Double

  /// The rows as a sample.
  var sample: Sample { Sample(checked: keys, values, observationWeights) }

  /// A table of the rows that have weight.
  ///
  /// - Throws: ``KernelRegressionError`` where there are fewer than two of them.
  init(_ sample: Sample) throws(KernelRegressionError) {
    let (keys, values, observationWeights) = (sample.keys, sample.values, sample.weights)
    let rows = keys.indices.filter { row in observationWeights.map { $0[row] > 0 } ?? true }
    guard rows.count > 1 else {
      throw KernelRegressionError(
        .tooFewKeys,
        "leave-one-out needs at least two rows with weight, not \(rows.count)")
    }
    let isWhole = rows.count == keys.count
    self.keys =
      isWhole
      ? keys : keys.selecting(rows)
    let scales = values.map { column in
      let largest = rows.reduce(0) { max($0, column[$1].magnitude) }
      return largest > 0 ? largest.binade : 1
    }
    let weights = observationWeights.map { weights in
      let largest = weights.max() ?? 1
      return rows.map { max(weights[$0] / largest, .leastNormalMagnitude) }
    }
    self.values = zip(values, scales).map { column, scale in
      Self.centred(rows.map { column[$0] / scale }, weights)
    }
    self.observationWeights = weights
    variances = self.values.map { Self.meanSquare($0, weights) }
    unit = values.count == 1 ? scales[0] : 1
  }

  /// The criterion of a report over all value columns.
  ///
  /// With one column it is that of the scaled values; with several the sum over the columns, each
  /// taken in its standard deviations, so that their units do not matter.
  func combined(_ report: CriterionReport, _ method: BandwidthMethod) -> Double {
    let criteria = report.criteria(method)
    guard criteria.count > 1 else { return finite(criteria[0]) }
    var sum = 0.0
    for (criterion, variance) in zip(criteria, variances) where variance > 0 {
      sum += method == .correctedAkaike ? criterion - .log(variance) : criterion / variance
    }
    return finite(sum)
  }

  /// A criterion in the unit of the values.
  func inUnitOfValues(_ criterion: Double, _ method: BandwidthMethod) -> Double {
    method == .correctedAkaike ? criterion + 2 * .log(unit) : criterion * unit * unit
  }

  /// By how much two values of a criterion differ at most when nothing but rounding tells them apart.
  ///
  /// Estimates err by some 1e-13 of the values; what that does to a mean of squared residuals follows
  /// from their product, and to the logarithm from the quotient.
  func noise(at value: Double, _ method: BandwidthMethod) -> Double {
    let spread = values.count > 1 ? Double(values.count) : variances[0]
    let error = 4e-13
    guard value > -.infinity else { return 0 }
    switch method {
    case .correctedAkaike: return error * (1 + spread / .exp(value - 1)).squareRoot()
    default: return error * (value * max(value, spread)).squareRoot()
    }
  }

  /// NaN is infeasible; −∞, the logarithm of a perfect fit, is a value.
  private func finite(_ criterion: Double) -> Double {
    criterion.isNaN ? .infinity : criterion
  }

  private static func centred(_ column: [Double], _ weights: [Double]?) -> [Double] {
    // From the first value on, so that the mean of equal values is that value.
    let first = column[0]
    var sum = 0.0
    var total = 0.0
    for row in column.indices {
      let weight = weights?[row] ?? 1
      sum += weight * (column[row] - first)
      total += weight
    }
    let mean = first + sum / total
    return column.map { $0 - mean }
  }

  private static func meanSquare(_ column: [Double], _ weights: [Double]?) -> Double {
    var sum = 0.0
    var total = 0.0
    for row in column.indices {
      let weight = weights?[row] ?? 1
      sum += weight * column[row] * column[row]
      total += weight
    }
    return sum / total
  }
}
