internal import RealModule

/// The variance of each row's noise, as far as the residuals of a fit tell.
///
/// ```
/// own = e²/(1 − H),   seen = (1 − 2H + Σⱼℓⱼ²)/(1 − H) = (1 − H)(1 + ‖ℓ₋‖²)
/// ```
///
/// ℓ is the row of the smoother at the key and ℓ₋ that without the row itself. For noise of one variance
/// the residual without the row, e₋, has the variance σ²(1 + ‖ℓ₋‖²), and `own` = (1 − H)e₋² the expectation
/// `seen`·σ²: in ordinary least squares σ², in a local fit less, and next to nothing where the fit passes
/// through its keys. `hidden` makes up for the difference.
struct RowVariances {
  /// What every standard deviation is over, for each value column.
  let scales: [Double]

  /// For each value column and row the variance of which standard errors are made; NaN where unknown.
  ///
  /// That of the rows around where ``seen`` is below ``leastSeen``.
  var own: [[Double]]

  /// For each value column and row the variance that leverage hides from ``own``.
  var hidden: [[Double]]

  /// The share of each row's variance that ``own`` takes from its own residual; from 0 to 1.
  var seen: [Double]

  /// The degrees of freedom of what comes from the rows around.
  var poolFreedoms: [Double]

  /// A row of whose variance its residual sees less than this has none of its own.
  static var leastSeen: Double { 0.01 }

  /// The share of Σℓ² that rows of unknown variance may have in an estimate.
  static var mostUnknown: Double { 0.1 }

  /// The variance of a row with all that is known of it.
  func whole(_ column: Int, _ row: Int) -> Double { own[column][row] + hidden[column][row] }
}

extension RowVariances {
  /// What a row of a smoother makes of the variances.
  struct Estimate {
    /// For each value column the standard error.
    let standardErrors: [Double]
    /// For each value column the standard deviation of the noise, with what leverage hides.
    let deviations: [Double]
    /// The degrees of freedom of Student's distribution.
    let freedom: Double
  }

  /// Σℓ²v for the row ℓ of a smoother; nil where rows of unknown variance have too large a part.
  ///
  /// Those with a small part get the mean variance of the others, under ℓ².
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
