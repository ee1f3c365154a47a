internal import KernelSums

/// Rows of a least-squares problem, √w·(1, t, …) with weights that may differ by hundreds of powers of
/// ten and places that may nearly coincide.
///
/// Goals, in order of priority:
/// 1. Rounding of a row is small relative to that row, light or heavy, and to the differences between its
///    place and others.
/// 2. It distinguishes the columns that the rows determine from those that only rounding seems to allow.
/// 3. The cost is O(m·N²) for m rows and N columns.
///
/// The rows A are factored as A = L·U, columns from left to right, each with the largest entry as its
/// pivot, in pairs of doubles. The row of the origin of t is (1, 0, …), so eliminating it costs the other
/// entries nothing, and each further pivot leaves products of differences of places, as Newton's divided
/// differences do: 32 digits, less those in which places coincide. L has no entry above 1, so least
/// squares over its columns are well determined whatever U is. Householder reflections were tried first:
/// they mix near places with far ones, and in the monomials of the near ones lose the square and the cube
/// of the ratio of distances.
///
/// A remainder counts as 0 unless it exceeds ``tolerance`` times the terms it came from. A column is
/// determined by those before it if no row leaves more than its noise, which the caller knows.
///
/// ## Source
/// G. Peters and J. H. Wilkinson, The least squares problem and pseudo-inverses, The Computer Journal 13
/// (1970), doi:10.1093/comjnl/13.3.309. A. J. Cox and N. J. Higham, Stability of Householder QR factorization
/// for weighted least squares problems, in Numerical Analysis 1997 (Longman, 1998), for graded rows.
struct GradedElimination {
  /// If rows are known to 32 digits, a remainder below this fraction of its terms is rounding.
  static var leastTolerance: Double { 0x1p-90 }

  let tolerance: Double

  /// √w of each row.
  private(set) var rootWeights: [Double]

  /// The index of the given row at each place.
  private(set) var origins: [Int]

  /// The columns that hold the pivots, in their order.
  private(set) var pivots: [Int] = []

  /// U, column by column, as far as it has been computed.
  private(set) var upper: [[DoubleDouble]]

  /// L, column by column: 0 above the pivot's row and 1 in it.
  private(set) var lower: [[DoubleDouble]] = []

  /// √w·v for each value column.
  private(set) var targets: [[DoubleDouble]]

  /// The columns that others determine.
  private(set) var relations: [Relation] = []

  private var design: [[DoubleDouble]]

  /// A column that is a sum of pivots' columns times coefficients, up to noise.
  struct Relation {
    let column: Int
    /// One for each pivot before it.
    let coefficients: [DoubleDouble]
    /// The noise of the pivots' rows, rounding included; empty if the coefficients are exact.
    let noise: [Double]
  }

  /// - Parameters:
  ///   - rootWeights: √w of each row.
  ///   - design: √w·(1, t, …), column by column.
  ///   - targets: √w·v for each value column.
  ///   - tolerance: how well the rows are known, relative to the terms of an entry.
  init(
    rootWeights: [Double], design: [[DoubleDouble]], targets: [[DoubleDouble]],
    tolerance: Double = leastTolerance
  ) {
    self.rootWeights = rootWeights
    self.design = design
    self.targets = targets
    self.tolerance = tolerance
    origins = Array(rootWeights.indices)
    upper = design.map { _ in [] }
  }

  /// The number of rows.
  var count: Int { rootWeights.count }

  /// Reduces all columns.
  ///
  /// - Parameter noise: the possible error of the given rows in column − Σ coefficients · pivots'
  ///   columns; nil if there is none.
  mutating func eliminate(
    noise: (_ column: Int, _ pivots: [Int], _ coefficients: [DoubleDouble]) -> [Double]? = {
      _, _, _ in nil
    }
  ) {
    for column in design.indices { eliminate(column, noise) }
    design = []
  }

  /// Reduces columns whose remainders are known beforehand.
  ///
  /// - Parameter rest: the remainder of a column in the given rows, which is 0 in rows with pivots.
  mutating func eliminate(
    columns: Int, rest: (_ column: Int, _ pivotRows: [Int]) -> [DoubleDouble]
  ) {
    upper = []
    for column in 0..<columns {
      let place = pivots.count
      let given = rest(column, Array(origins[..<place]))
      var rest = origins.map { given[$0] }
      upper.append([DoubleDouble](repeating: .zero, count: place))
      guard let pivot = takePivot(of: &rest, from: place, noise: nil) else {
        relations.append(
          Relation(column: column, coefficients: upper[column], noise: []))
        continue
      }
      takeColumn(column, rest, pivot: pivot)
    }
  }

  private mutating func eliminate(
    _ column: Int, _ noise: (Int, [Int], [DoubleDouble]) -> [Double]?
  ) {
    let place = pivots.count
    var rest = design[column]
    design[column] = []
    var terms = rest.map { $0.head.magnitude }
    for before in 0..<place {
      rest.subtract(rest[before], times: lower[before], from: before + 1)
      let size = rest[before].head.magnitude
      for row in before + 1..<max(count, before + 1) {
        terms[row] += size * lower[before][row].head.magnitude
      }
    }
    upper[column] = Array(rest[..<place])
    for row in place..<max(count, place)
    where rest[row].head.magnitude <= tolerance * terms[row] {
      // The rounding error of a heavy row can exceed all of a light one, and means nothing.
      rest[row] = .zero
    }
    let coefficients = solvedUpper(upper[column], of: place)
    let own = noise(column, pivots, coefficients).map { noise in origins.map { noise[$0] } }
    guard let pivot = takePivot(of: &rest, from: place, noise: own) else {
      relations.append(
        Relation(
          column: column, coefficients: coefficients,
          noise: (0..<place).map { (own?[$0] ?? 0) + tolerance * terms[$0] }))
      return
    }
    takeColumn(column, rest, pivot: pivot)
  }

  private mutating func takeColumn(_ column: Int, _ rest: [DoubleDouble], pivot: Int) {
    let place = pivots.count
    var rest = rest
    exchange(place, pivot)
    rest.swapAt(place, pivot)
    let diagonal = rest[place]
    upper[column].append(diagonal)
    for row in 0..<place { rest[row] = .zero }
    rest[place] = DoubleDouble(1)
    for row in place + 1..<max(count, place + 1) where rest[row].head != 0 {
      rest[row] = rest[row] / diagonal
    }
    lower.append(rest)
    pivots.append(column)
  }

  /// The row with the largest entry; nil where no entry exceeds its noise.
  private func takePivot(
    of rest: inout [DoubleDouble], from place: Int, noise: [Double]?
  ) -> Int? {
    var noise = noise ?? []
    if !noise.isEmpty {
      for before in 0..<place {
        let size = noise[before]
        for row in before + 1..<max(count, before + 1) {
          noise[row] += size * lower[before][row].head.magnitude
        }
      }
    }
    func isQuiet(_ row: Int) -> Bool {
      rest[row].head == 0 || !noise.isEmpty && rest[row].head.magnitude <= noise[row]
    }
    let rows = place..<max(count, place)
    guard
      let loudest = rows.filter({ !isQuiet($0) }).max(by: {
        rest[$0].head.magnitude < rest[$1].head.magnitude
      })
    else { return nil }
    // Noise must not decide if a lighter row can.
    let largest = rest[loudest].head.magnitude
    if rows.contains(where: { isQuiet($0) && rest[$0].head.magnitude > largest }) {
      for row in rows where isQuiet(row) { rest[row] = .zero }
    }
    return loudest
  }

  /// Exchanges two rows in everything that is stored by row.
  private mutating func exchange(_ first: Int, _ second: Int) {
    guard first != second else { return }
    origins.swapAt(first, second)
    rootWeights.swapAt(first, second)
    for column in design.indices where !design[column].isEmpty {
      design[column].swapAt(first, second)
    }
    for column in targets.indices { targets[column].swapAt(first, second) }
    for place in lower.indices { lower[place].swapAt(first, second) }
  }

  /// The solution x of U x = b over the first pivots.
  func solvedUpper(_ numbers: [DoubleDouble], of count: Int) -> [DoubleDouble] {
    var solution = numbers
    for row in (0..<count).reversed() {
      for after in row + 1..<max(count, row + 1) {
        solution[row] = solution[row] - upper[pivots[after]][row] * solution[after]
      }
      solution[row] = solution[row] / upper[pivots[row]][row]
    }
    return solution
  }

  /// The solution x of Uᵀ x = b over the first pivots, with one number in b for each column.
  func solvedTransposed(_ numbers: [DoubleDouble], of count: Int) -> [DoubleDouble] {
    var solution: [DoubleDouble] = []
    for row in 0..<count {
      var number = numbers[pivots[row]]
      for before in 0..<row {
        number = number - upper[pivots[row]][before] * solution[before]
      }
      solution.append(number / upper[pivots[row]][row])
    }
    return solution
  }
}
