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
/// decomposed after Cholesky. Its pivots, the parts of a monomial that those before it leave, say how
/// many digits are lost: where one falls below ``leastPivot`` the query is left to ``CarefulFit``.
final class MomentFit {
  /// With three digits lost of some fifteen, twelve are left.
  static var leastPivot: Double { 1e-3 }

  /// β for each column after column, `count` coefficients each.
  let coefficients: UnsafeMutablePointer<Double>

  /// The first element of S⁻¹.
  private(set) var inverse = 0.0

  /// The number of coefficients.
  let count: Int

  private let columnCount: Int
  /// Where S_ab stands among the moments, of which the first is Σw.
  private let places: UnsafeMutablePointer<Int>
  private let matrix: UnsafeMutablePointer<Double>
  private let scales: UnsafeMutablePointer<Double>
  private let momentCount: Int

  init(_ problem: KernelSumProblem) {
    let all = problem.monomials(ofDegree: 2 * problem.degree)
    let count = problem.monomials(ofDegree: problem.degree).count
    self.count = count
    momentCount = all.count
    columnCount = problem.columns.count
    places = .allocate(capacity: count * count)
    for row in 0..<count {
      for column in 0..<count {
        places.advanced(by: row * count + column).initialize(to: all.product(row, column))
      }
    }
    matrix = .allocate(capacity: count * count)
    matrix.initialize(repeating: 0, count: count * count)
    scales = .allocate(capacity: count)
    scales.initialize(repeating: 0, count: count)
    coefficients = .allocate(capacity: count * (columnCount + 1))
    coefficients.initialize(repeating: 0, count: count * (columnCount + 1))
  }

  deinit {
    places.deallocate()
    matrix.deallocate()
    scales.deallocate()
    coefficients.deallocate()
  }

  /// Solves for the query whose sums stand at a place.
  ///
  /// - Returns: false where too many digits would be lost, or there are no moments.
  func solve(_ sums: UnsafeSums, at slot: Int) -> Bool {
    guard count > 1 else {
      for column in 0..<columnCount {
        coefficients[column] = sums.column(column)[slot] / sums.weights[slot]
      }
      inverse = 1 / sums.weights[slot]
      return true
    }
    guard decompose(sums, at: slot) else { return false }
    for column in 0..<columnCount {
      let result = coefficients + column * count
      for row in 0..<count {
        let place = momentCount - 1 + column * count + row
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

  /// The triangular form of one query about itself, where the moments determine the polynomial well.
  ///
  /// - Parameter unit: what a sum of 1 stands for.
  func reduced(_ sums: UnsafeSums, at slot: Int, unit: AnchoredWeight) -> GradedBlock? {
    guard decompose(sums, at: slot) else { return nil }
    let columns = (0..<columnCount).map { column in
      let vector = coefficients + column * count
      for row in 0..<count {
        vector[row] = sums.column(momentCount - 1 + column * count + row)[slot] * scales[row]
      }
      substituteForward(vector)
      return vector
    }
    let rows = (0..<count).map { row in
      let diagonal = matrix[row * count + row] / scales[row]
      var reduced = GradedRow.none(row, of: count, valueCount: columnCount)
      reduced.weight = unit.scaled(bySquareOf: diagonal)
      for later in row + 1..<max(count, row + 1) {
        reduced.entries[later] = matrix[later * count + row] / scales[later] / diagonal
      }
      reduced.means = columns.map { $0[row] / diagonal }
      return reduced
    }
    let logWeight = unit.high + .log(sums.weights[slot])
    // As far below their sum no key changes a digit of what moments determine well.
    return GradedBlock(
      level: GradedBlock.level(ofLogWeight: logWeight), rows: rows, least: logWeight - 60)
  }

  private func decompose(_ sums: UnsafeSums, at slot: Int) -> Bool {
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

  private func substituteForward(_ vector: UnsafeMutablePointer<Double>) {
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
