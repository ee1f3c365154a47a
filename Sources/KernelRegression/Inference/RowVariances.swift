internal import KernelSums
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
  /// Taken from the rows around it where less than ``leastSeen`` of it is seen.
  var own: [[Double]]

  /// What leverage hides; nil if every known row shows all of its variance.
  var leverage: Leverage?

  /// What leverage hides of the variances of rows.
  struct Leverage {
    /// For each value column and row the variance that leverage hides from ``RowVariances/own``.
    var hidden: [[Double]]

    /// The share of each row's variance that ``RowVariances/own`` takes from its own residual; from 0 to 1.
    var seen: [Double]

    /// The degrees of freedom of the variance that comes from the rows around it.
    var poolFreedoms: [Double]
  }

  /// A row whose residual shows less than this share of its variance has no variance of its own.
  static var leastSeen: Double { 0.01 }

  /// The share of Σℓ² that rows of unknown variance may have in an estimate.
  static var mostUnknown: Double { 0.1 }

  /// The whole variance of a row, hidden part included.
  func whole(_ column: Int, _ row: Int) -> Double {
    own[column][row] + (leverage?.hidden[column][row] ?? 0)
  }
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

  /// The sums over the row ℓ of a smoother that an estimate is computed from.
  private struct Sums {
    /// Σℓ² over all rows, and over those of known variance.
    var (total, known) = (0.0, 0.0)
    /// Over the latter Σ(ℓ²c)², Σℓ²(1 − c) and Σℓ²(1 − c)/ν, c being the share that is seen.
    var (fourths, pooled, spread) = (0.0, 0.0, 0.0)
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
    var sums = Sums()
    for (key, square) in squares {
      sums.total += square
      guard !own[0][key].isNaN else { continue }
      sums.known += square
      let part = square * (leverage?.seen[key] ?? 1)
      sums.fourths += part * part
      guard let leverage, part < square else { continue }
      sums.pooled += square - part
      sums.spread += (square - part) / leverage.poolFreedoms[key]
    }
    func sum(_ variance: (Int) -> Double) -> Double {
      squares.reduce(0) { sum, entry in
        let variance = variance(entry.key)
        return variance.isNaN ? sum : sum + entry.square * variance
      }
    }
    return estimate(
      sums, unit: largest, own: { column in sum { own[column][$0] } },
      whole: { column in sum { whole(column, $0) } })
  }

  /// - Parameters:
  ///   - unit: what ℓ was divided by.
  ///   - own: Σℓ²v of a value column, and `whole` the same with what leverage hides.
  private func estimate(
    _ sums: Sums, unit: Double, own: (Int) -> Double, whole: (Int) -> Double
  ) -> Estimate? {
    guard sums.total - sums.known <= Self.mostUnknown * sums.total else { return nil }
    func root(_ sum: Double, _ column: Int) -> Double {
      scales[column] * unit * .sqrt(sum * (sums.total / sums.known))
    }
    return Estimate(
      standardErrors: scales.indices.map { root(own($0), $0) },
      deviations: scales.indices.map { root(whole($0), $0) },
      freedom: max(sums.known / (sums.fourths + sums.pooled * sums.spread) * sums.known, 1))
  }
}

extension RowVariances {
  /// What to sum under ℓ² for an estimate: only what is not the same for all rows.
  struct Factors {
    /// One number for each row.
    private(set) var columns: [[Double]] = []
    /// c of each row of known variance; nil if it is 1 for all rows.
    private(set) var shares: [Double]?
    /// The places of the columns: for each value column v, and v with what leverage hides; 1 for a row of
    /// known variance; (1 − c) and (1 − c)/ν.
    fileprivate private(set) var own: [Int] = []
    fileprivate private(set) var whole: [Int] = []
    fileprivate private(set) var known: Int?
    fileprivate private(set) var pool: (shares: Int, spread: Int)?

    init(_ variances: RowVariances) {
      let isKnown = variances.own[0].map { !$0.isNaN }
      let isWhole = isKnown.allSatisfy(\.self)
      let rows = isKnown.indices
      own = variances.own.map { column in
        add(isWhole && !column.contains(where: \.isNaN) ? column : column.map { $0.isNaN ? 0 : $0 })
      }
      whole = own
      if !isWhole { known = add(isKnown.map { $0 ? 1 : 0 }) }
      guard let leverage = variances.leverage else {
        if let known { shares = columns[known] }
        return
      }
      whole = variances.own.indices.map { column in
        add(
          rows.map {
            let variance = variances.whole(column, $0)
            return variance.isNaN ? 0 : variance
          })
      }
      let hiding = rows.map { isKnown[$0] && leverage.seen[$0] < 1 }
      pool = (
        add(rows.map { hiding[$0] ? 1 - leverage.seen[$0] : 0 }),
        add(rows.map { hiding[$0] ? (1 - leverage.seen[$0]) / leverage.poolFreedoms[$0] : 0 })
      )
      shares = rows.map { isKnown[$0] ? leverage.seen[$0] : 0 }
    }

    /// For each column whether its sum is a variance, and not a share of Σℓ².
    var areVariances: [Bool] {
      columns.indices.map { own.contains($0) || whole.contains($0) }
    }

    private mutating func add(_ column: [Double]) -> Int {
      columns.append(column)
      return columns.count - 1
    }
  }

  /// The same from sums over the row ℓ.
  func estimate(_ row: SmootherSums.Row, _ factors: Factors) -> Estimate? {
    guard row.square > 0, row.square.isFinite else { return nil }
    func sum(_ place: Int) -> Double { row.factors[row.factors.startIndex + place] }
    return estimate(
      Sums(
        total: row.square, known: factors.known.map(sum) ?? row.square, fourths: row.fourth,
        pooled: factors.pool.map { sum($0.shares) } ?? 0,
        spread: factors.pool.map { sum($0.spread) } ?? 0),
      unit: 1, own: { sum(factors.own[$0]) }, whole: { sum(factors.whole[$0]) })
  }
}
