internal import RealModule

/// Weighted least squares for a polynomial of low degree in one variable.
///
/// Givens rotations fold rows one by one into a triangle, which keeps twice the digits of the normal
/// equations and needs no memory for the design. Where those lose little, sums of powers, which are
/// quicker, will do.
///
/// ## Source
/// W. M. Gentleman, Least squares computations by Givens transformations without square roots, IMA
/// Journal of Applied Mathematics 12 (1973), doi:10.1093/imamat/12.3.329.
struct LeastSquares {
  private let count: Int

  /// Row after row of the upper triangle, the right-hand side at the end of each.
  private var triangle: [Double]

  init(degree: Int) {
    count = degree + 1
    triangle = [Double](repeating: 0, count: (degree + 1) * (degree + 2))
  }

  /// The fit to rows of which only sums are known; nil where these would lose more than three digits.
  ///
  /// - Parameters:
  ///   - powers: Σxᵏ for k from 0 to twice the degree.
  ///   - targets: Σxᵏv for k from 0 to the degree.
  init?(powers: [Double], targets: [Double]) {
    self.init(degree: targets.count - 1)
    let width = count + 1
    for pivot in 0..<count {
      for column in pivot..<width {
        var element = column < count ? powers[pivot + column] : targets[pivot]
        for above in 0..<pivot {
          element -= triangle[above * width + pivot] * triangle[above * width + column]
        }
        guard column == pivot else {
          triangle[pivot * width + column] = element / triangle[pivot * width + pivot]
          continue
        }
        guard element >= MomentFit.leastPivot * powers[2 * pivot], element > 0 else { return nil }
        triangle[pivot * width + pivot] = .sqrt(element)
      }
    }
  }

  /// Folds in a row: the powers of x, all times √weight.
  mutating func add(_ x: Double, weight: Double, value: Double) {
    let width = count + 1
    let root = Double.sqrt(weight)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { row in
      var power = root
      for index in 0..<count {
        row[index] = power
        power *= x
      }
      row[count] = root * value
      triangle.withUnsafeMutableBufferPointer { triangle in
        for pivot in 0..<count where row[pivot] != 0 {
          let diagonal = triangle[pivot * width + pivot]
          let length = Double.sqrt(diagonal * diagonal + row[pivot] * row[pivot])
          let (cosine, sine) = (diagonal / length, row[pivot] / length)
          for column in pivot..<width {
            let upper = triangle[pivot * width + column]
            triangle[pivot * width + column] = cosine * upper + sine * row[column]
            row[column] = cosine * row[column] - sine * upper
          }
        }
      }
    }
  }

  /// The polynomial's coefficients, or nil if the rows do not determine them.
  func coefficients() -> [Double]? {
    let width = count + 1
    var solution = [Double](repeating: 0, count: count)
    let largest = (0..<count).reduce(0) { max($0, triangle[$1 * width + $1].magnitude) }
    for row in (0..<count).reversed() {
      let diagonal = triangle[row * width + row]
      guard diagonal.magnitude > 1e-13 * largest else { return nil }
      var sum = triangle[row * width + count]
      for column in (row + 1)..<count { sum -= triangle[row * width + column] * solution[column] }
      solution[row] = sum / diagonal
    }
    return solution
  }
}
