internal import RealModule

/// The noise variance of each row, as estimated from the residuals of a fit.
///
/// ```
/// own = e²/(1 − H),   seen = (1 − 2H + Σⱼℓⱼ²)/(1 − H) = (1 − H)(1 + ‖ℓ₋‖²)
/// ```
///
/// ℓ is the row of the smoother at the key, and ℓ₋ the one without the row itself. For noise of constant
/// variance the residual without the row, e₋, has variance σ²(1 + ‖ℓ₋‖²), and `own` = (1 − H)e₋² has
/// expectation `seen`·σ²: σ² in ordinary least squares, less in a local fit, and almost 0 where the fit
/// passes through its values. `hidden` makes up the difference.
struct RowVariances {
  /// The unit of all standard deviations, for each value column.
  let scales: [Double]

  /// For each value column and row the variance used in standard errors; NaN where unknown.
  ///
  /// Taken from the rows around it where ``seen`` is below ``leastSeen``.
  var own: [[Double]]

  /// For each value column and row the variance that leverage hides from ``own``.
  var hidden: [[Double]]

  /// The share of each row's variance that ``own`` takes from its own residual; from 0 to 1.
  var seen: [Double]

  /// The degrees of freedom of the variance that comes from the rows around it.
  var poolFreedoms: [Double]

  /// A row whose residual shows less than this share of its variance has no variance of its own.
  static var leastSeen: Double { 0.01 }

  /// The share of Σℓ² that rows of unknown variance may have in an estimate.
  static var mostUnknown: Double { 0.1 }

  /// The whole variance of a row, hidden part included.
  func whole(_ column: Int, _ row: Int) -> Double { own[column][row] + hidden[column][row] }
}

extension RowVariances {
  /// The variance of an estimate, from a row of a smoother.
  struct Estimate {
    /// For each value column the standard error.
    let standardErrors: [Double]
    /// For each value column the standard deviation of the noise, including what leverage hides.
    let deviations: [Double]
    /// The degrees of freedom of Student's distribution.
    let freedom: Double
  }

  /// Σℓ²v for the row ℓ of a smoother; nil where rows of unknown variance have too large a share.
  ///
  /// With a smaller share they get the mean variance of the others, under ℓ².
  func estimate(_ row: [(key: Int, weight: Double)]) -> Estimate? {
    let largest = row.reduce(0) { max($0, $1.weight.magnitude) }
    guard largest > 0, largest.isFinite else { return nil }
    let squares = row.lazy.filter { $0.weight != 0 }.map { entry in
      (key: entry.key, square: entry.weight / largest * (entry.weight / largest))
    }
    var (total, known, fourths, pooled, spread) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (key, square) in squares {
      total += square
      guard !own[0][key].isNaN else { continue }
      known += square
      let part = square * seen[key]
      fourths += part * part
      guard part < square else { continue }
      pooled += square - part
      spread += (square - part) / poolFreedoms[key]
    }
    guard total - known <= Self.mostUnknown * total else { return nil }
    func root(_ variance: (Int) -> Double, _ scale: Double) -> Double {
      let sum = squares.reduce(0) { sum, entry in
        let variance = variance(entry.key)
        return variance.isNaN ? sum : sum + entry.square * variance
      }
      return scale * largest * .sqrt(sum * (total / known))
    }
    return Estimate(
      standardErrors: own.indices.map { column in root({ own[column][$0] }, scales[column]) },
      deviations: own.indices.map { column in root({ whole(column, $0) }, scales[column]) },
      freedom: max(known / (fourths + pooled * spread) * known, 1))
  }
}
