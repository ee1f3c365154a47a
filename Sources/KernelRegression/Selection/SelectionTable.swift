internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// The rows from which a bandwidth is chosen.
///
/// Rows without weight are left out. Values and weights are divided by powers of two near their largest,
/// so that no square or sum overflows and the units do not affect the choice. The mean is subtracted from
/// values, which changes no residual and keeps the digits of small ones.
struct SelectionTable: Sendable {
  /// The keys of the rows that have weight.
  let keys: Points

  /// The value columns, scaled, minus their means.
  let values: [[Double]]

  /// The observation weights, scaled; nil if all are 1.
  let observationWeights: [Double]?

  /// The variance of each value column.
  let variances: [Double]

  /// The power of two of a single value column; 1 for several.
  let unit: Double

  /// The rows as a sample.
  var sample: Sample { Sample(checked: keys, values, observationWeights) }

  /// Fewer rows are too quickly evaluated to be worth sorting.
  private static let unsorted = 20_000

  /// A table of the rows that have weight.
  ///
  /// A criterion does not depend on the order of the rows.
  ///
  /// - Parameters:
  ///   - execution: if given, sorts a large table of one input by it, because engines sum neighbours that lie
  ///     side by side several times as fast.
  ///   - sampleSize: how many rows, spread over the table by chance, come first if there are several inputs.
  /// - Throws: ``KernelRegressionError`` if there are fewer than two of them.
  init(
    _ sample: Sample, sortingOn execution: Execution? = nil, sampleSize: Int = 0
  ) throws(KernelRegressionError) {
    let (keys, values, observationWeights) = (sample.keys, sample.values, sample.weights)
    var rows = keys.indices.filter { row in observationWeights.map { $0[row] > 0 } ?? true }
    guard rows.count > 1 else {
      throw KernelRegressionError(
        .tooFewKeys,
        "leave-one-out needs at least two rows with weight, not \(rows.count)")
    }
    var isGiven = rows.count == keys.count
    if let execution, keys.dimension == 1, rows.count > Self.unsorted {
      let order = rows.map { keys.coordinates[$0] }.ascendingPlaces(execution: execution)
      rows = order.map { rows[$0] }
      isGiven = false
    }
    if keys.dimension > 1, sampleSize > 0, sampleSize < rows.count {
      rows = Self.withSample(of: sampleSize, first: rows)
      isGiven = false
    }
    self.keys = isGiven ? keys : keys.selecting(rows)
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

  /// One row of each stretch of the table, in an order of chance, then the others.
  private static func withSample(of count: Int, first rows: [Int]) -> [Int] {
    var generator = SplitMix(seed: 0)
    var isTaken = [Bool](repeating: false, count: rows.count)
    var sample: [Int] = []
    for index in 0..<count {
      let stretch = index * rows.count / count..<(index + 1) * rows.count / count
      let place = Int.random(in: stretch, using: &generator)
      isTaken[place] = true
      sample.append(rows[place])
    }
    return sample.shuffled(using: &generator)
      + rows.indices.filter { !isTaken[$0] }.map { rows[$0] }
  }

  /// The criterion of a report over all value columns.
  ///
  /// With one column it is that of the scaled values; with several the sum over the columns, each in
  /// units of its standard deviation, so that their units do not matter.
  func combined(_ report: CriterionReport, _ method: BandwidthMethod) -> Double {
    let criteria = report.criteria(method)
    guard criteria.count > 1 else { return finite(criteria[0]) }
    var sum = 0.0
    for (criterion, variance) in zip(criteria, variances) where variance > 0 {
      sum += method == .correctedAkaike ? criterion - .log(variance) : criterion / variance
    }
    return finite(sum)
  }

  /// The derivatives of a criterion over all value columns, input by input.
  func combined(_ slopes: [[Double]], _ method: BandwidthMethod) -> [Double] {
    guard slopes.count > 1 else { return slopes[0] }
    return slopes[0].indices.map { input in
      zip(slopes, variances).reduce(0) { sum, column in
        guard column.1 > 0 else { return sum }
        return sum + column.0[input] / (method == .correctedAkaike ? 1 : column.1)
      }
    }
  }

  /// Squared residuals of each value column in the unit of the criterion, added up.
  func combined(_ squares: [[Double]]) -> [Double] {
    guard squares.count > 1 else { return squares[0] }
    return squares[0].indices.map { index in
      zip(squares, variances).reduce(0) { $1.1 > 0 ? $0 + $1.0[index] / $1.1 : $0 }
    }
  }

  /// A criterion in the unit of the values.
  func inUnitOfValues(_ criterion: Double, _ method: BandwidthMethod) -> Double {
    method == .correctedAkaike ? criterion + 2 * .log(unit) : criterion * unit * unit
  }

  /// The largest difference between two values of a criterion that rounding alone can make.
  ///
  /// Estimates have errors of about 1e-13 of the values; the effect on a mean of squared residuals
  /// follows from the product of the two, the effect on the logarithm from their quotient.
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
    // Relative to the first value, so that the mean of equal values is exactly that value.
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
