internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// Local polynomials from the moments that engines sum: the normal equations of one query at a time.
///
/// ```
/// S β = T,   S_ab = Σ w u^(a+b),   T_a = Σ w u^a v,   u = (k − q)/h
/// ```
///
/// β₀ is the value at the query, β_j its derivative in u_j. S is scaled to a diagonal of ones and
/// factored by Cholesky's method. Each pivot, the part of a monomial not explained by those before it,
/// shows how many digits are lost: if one falls below ``leastPivot``, ``CarefulFit`` takes the query.
///
/// Monomials that follow from others at all keys can be left out (see ``KeySpan``): where the value at a
/// query is determined, it is the same without them.
final class MomentFit {
  /// Losing three of about fifteen digits leaves twelve.
  static var leastPivot: Double { 1e-3 }

  /// β, column by column, `count` coefficients each: those of ``columns``.
  let coefficients: UnsafeMutablePointer<Double>

  /// The first element of S⁻¹.
  private(set) var inverse = 0.0

  /// The number of coefficients.
  private(set) var count: Int

  /// The monomials to fit.
  private(set) var columns: [Int]

  let columnCount: Int
  /// The number of all monomials.
  let wholeCount: Int
  private let inputCount: Int
  /// The position of the product of two monomials.
  private let products: [Int]
  /// The position of S_ab among the moments; the first is Σw.
  private let places: UnsafeMutablePointer<Int>
  /// The position of T_a for the first column.
  private let targets: UnsafeMutablePointer<Int>
  let matrix: UnsafeMutablePointer<Double>
  let scales: UnsafeMutablePointer<Double>
  private let momentCount: Int

  init(_ problem: KernelSumProblem) {
    let all = problem.monomials(ofDegree: 2 * problem.degree)
    let count = problem.monomials(ofDegree: problem.degree).count
    products = (0..<count * count).map { all.product($0 / count, $0 % count) }
    self.count = count
    wholeCount = count
    inputCount = all.dimension
    columns = Array(0..<count)
    momentCount = all.count
    columnCount = problem.columns.count
    places = .allocate(capacity: count * count)
    places.initialize(repeating: 0, count: count * count)
    targets = .allocate(capacity: count)
    targets.initialize(repeating: 0, count: count)
    matrix = .allocate(capacity: count * count)
    matrix.initialize(repeating: 0, count: count * count)
    scales = .allocate(capacity: count)
    scales.initialize(repeating: 0, count: count)
    coefficients = .allocate(capacity: count * (columnCount + 1))
    coefficients.initialize(repeating: 0, count: count * (columnCount + 1))
    place()
  }

  /// Keeps only these monomials, the constant first.
  func keep(_ columns: [Int]) {
    guard columns != self.columns else { return }
    self.columns = columns
    count = columns.count
    place()
  }

  private func place() {
    for row in 0..<count {
      for column in 0..<count {
        places[row * count + column] = products[columns[row] * wholeCount + columns[column]]
      }
      targets[row] = momentCount - 1 + columns[row]
    }
  }

  /// The place of the slope of an input among the coefficients.
  func slopePlace(_ input: Int) -> Int? {
    count == wholeCount ? 1 + input : columns.firstIndex(of: 1 + input)
  }

  /// The moment of the product of two monomials.
  func moment(_ first: Int, _ second: Int, in sums: UnsafeSums, at slot: Int) -> Double {
    let place = products[first * wholeCount + second]
    return place == 0 ? sums.weights[slot] : sums.column(place - 1)[slot]
  }

  /// The sum of a value column times a monomial.
  func target(_ value: Int, _ monomial: Int, in sums: UnsafeSums, at slot: Int) -> Double {
    sums.column(momentCount - 1 + value * wholeCount + monomial)[slot]
  }

  /// The given monomials that do not vanish at all keys in reach of a query.
  ///
  /// Every moment of a monomial that vanishes is exactly 0.
  func columns(among columns: [Int], notVanishingIn sums: UnsafeSums, at slot: Int) -> [Int] {
    columns.filter { column in
      column == 0
        || columns.contains { moment($0, column, in: sums, at: slot) != 0 }
        || (0..<columnCount).contains { target($0, column, in: sums, at: slot) != 0 }
    }
  }

  deinit {
    places.deallocate()
    targets.deallocate()
    matrix.deallocate()
    scales.deallocate()
    coefficients.deallocate()
  }

  /// Solves for the query whose sums are at a slot.
  ///
  /// - Returns: false if too many digits would be lost or there are no moments.
  func solve(_ sums: UnsafeSums, at slot: Int) -> Bool {
    guard count > 1 else {
      for column in 0..<columnCount {
        let place = wholeCount > 1 ? targets[0] + column * wholeCount : column
        coefficients[column] = sums.column(place)[slot] / sums.weights[slot]
      }
      inverse = 1 / sums.weights[slot]
      return true
    }
    guard decompose(sums, at: slot) else { return false }
    for column in 0..<columnCount {
      let result = coefficients + column * count
      for row in 0..<count {
        let place = targets[row] + column * wholeCount
        result[row] = sums.column(place)[slot] * scales[row]
      }
      substituteForward(result)
      substituteBackward(result)
      for row in 0..<count { result[row] *= scales[row] }
    }
    // S⁻¹₀₀ is the squared length of the first unit vector after the forward substitution.
    let unit = coefficients + columnCount * count
    for row in 0..<count { unit[row] = row == 0 ? scales[0] : 0 }
    substituteForward(unit)
    inverse = (0..<count).reduce(0) { $0 + unit[$1] * unit[$1] }
    return true
  }

  /// Whether the last slopes keep their digits.
  ///
  /// The error of a slope is the rounding of the value divided by the spread of u, which is tiny if the
  /// keys with weight lie much closer to the query than a bandwidth.
  var slopesKeepDigits: Bool {
    (0..<max(count, 1)).allSatisfy { row in
      guard row > 0, columns[row] <= inputCount else { return true }
      let loss = 0x1p-50 * scales[row] / scales[0]
      return loss < 1e-11
        || (0..<columnCount).allSatisfy { column in
          let value = coefficients[column * count].magnitude
          let slope = coefficients[column * count + row].magnitude
          return loss * value <= 1e-11 * max(value, slope)
        }
    }
  }

  /// S⁻¹e₀ of the query solved last.
  func inverseColumn() -> UnsafePointer<Double> {
    let unit = coefficients + columnCount * count
    guard count > 1 else {
      unit[0] = inverse
      return UnsafePointer(unit)
    }
    substituteBackward(unit)
    for row in 0..<count { unit[row] *= scales[row] }
    return UnsafePointer(unit)
  }

  /// The triangular factor of S, scaled.
  ///
  /// - Returns: false if too many digits would be lost.
  func decompose(_ sums: UnsafeSums, at slot: Int) -> Bool {
    func moment(_ place: Int) -> Double {
      place == 0 ? sums.weights[slot] : sums.column(place - 1)[slot]
    }
    for row in 0..<count {
      let square = moment(places[row * count + row])
      guard square > 0, square < .infinity else { return false }
      scales[row] = 1 / .sqrt(square)
    }
    for row in 0..<count {
      for column in 0...row {
        var element = moment(places[row * count + column]) * scales[row] * scales[column]
        for before in 0..<column {
          element -= matrix[row * count + before] * matrix[column * count + before]
        }
        if column < row {
          matrix[row * count + column] = element / matrix[column * count + column]
        } else {
          guard element >= Self.leastPivot else { return false }
          matrix[row * count + row] = .sqrt(element)
        }
      }
    }
    return true
  }

  func substituteForward(_ vector: UnsafeMutablePointer<Double>) {
    for row in 0..<count {
      for before in 0..<row { vector[row] -= matrix[row * count + before] * vector[before] }
      vector[row] /= matrix[row * count + row]
    }
  }

  private func substituteBackward(_ vector: UnsafeMutablePointer<Double>) {
    for row in (0..<count).reversed() {
      for after in row + 1..<max(count, row + 1) {
        vector[row] -= matrix[after * count + row] * vector[after]
      }
      vector[row] /= matrix[row * count + row]
    }
  }
}
