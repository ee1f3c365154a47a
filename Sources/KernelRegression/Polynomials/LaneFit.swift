internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// Local polynomials of eight queries at a time from moments, where all of them keep their digits.
///
/// The equations and the test are those of ``MomentFit``.
struct LaneFit: ~Copyable {
  typealias Lanes = SIMD8<Double>

  /// (S⁻¹)₀₀ of the queries factored last.
  private(set) var inverse = Lanes.zero

  private let count: Int
  private let momentCount: Int
  /// The position of S_ab among the moments; the first is Σw.
  private let places: [Int]
  private let matrix: UnsafeMutablePointer<Lanes>
  private let scales: UnsafeMutablePointer<Lanes>
  private let right: UnsafeMutablePointer<Lanes>
  private let unit: UnsafeMutablePointer<Lanes>

  init(_ problem: KernelSumProblem) {
    let all = problem.monomials(ofDegree: 2 * problem.degree)
    let count = problem.monomials(ofDegree: problem.degree).count
    self.count = count
    momentCount = all.count
    places = (0..<count * count).map { all.product($0 / count, $0 % count) }
    matrix = .allocate(capacity: count * (count + 3))
    matrix.initialize(repeating: .zero, count: count * (count + 3))
    scales = matrix + count * count
    right = scales + count
    unit = right + count
  }

  deinit { matrix.deallocate() }

  private static func lanes(_ numbers: UnsafePointer<Double>, _ index: Int) -> Lanes {
    UnsafeRawPointer(numbers + index).loadUnaligned(as: Lanes.self)
  }

  /// Factors S of eight queries.
  ///
  /// - Returns: false if one of them has no support or would lose too many digits.
  mutating func decompose(_ sums: UnsafeSums, at slot: Int) -> Bool {
    func moment(_ place: Int) -> Lanes {
      Self.lanes(
        UnsafePointer(place == 0 ? sums.weights : sums.column(place - 1)), slot)
    }
    for row in 0..<count {
      let square = moment(places[row * count + row])
      guard all(square .> 0 .& square .< .infinity) else { return false }
      scales[row] = 1 / square.squareRoot()
    }
    for row in 0..<count {
      for column in 0...row {
        var element = moment(places[row * count + column]) * scales[row] * scales[column]
        for before in 0..<column {
          element -= matrix[row * count + before] * matrix[column * count + before]
        }
        if column < row {
          matrix[row * count + column] = element * matrix[column * count + column]
        } else {
          guard all(element .>= MomentFit.leastPivot) else { return false }
          // The inverse of the diagonal, because only that is needed.
          matrix[row * count + row] = 1 / element.squareRoot()
        }
      }
    }
    // S⁻¹₀₀ is the squared length of the first unit vector after the forward substitution.
    for row in 0..<count { unit[row] = row == 0 ? scales[0] : .zero }
    substituteForward(unit)
    inverse = (0..<count).reduce(.zero) { $0 + unit[$1] * unit[$1] }
    return true
  }

  /// The value at each of the queries that were factored, of one column.
  mutating func values(_ column: Int, of sums: UnsafeSums, at slot: Int) -> Lanes {
    for row in 0..<count {
      let target = Self.lanes(
        UnsafePointer(sums.column(momentCount - 1 + column * count + row)), slot)
      right[row] = target * scales[row]
    }
    substituteForward(right)
    // The first element of S⁻¹T is the product of both forward substitutions.
    return (0..<count).reduce(.zero) { $0 + unit[$1] * right[$1] }
  }

  private func substituteForward(_ vector: UnsafeMutablePointer<Lanes>) {
    for row in 0..<count {
      for before in 0..<row { vector[row] -= matrix[row * count + before] * vector[before] }
      vector[row] *= matrix[row * count + row]
    }
  }
}
