internal import SimilarityKernels
internal import _CKernelSums

/// A compact kernel inside its support as a polynomial P in u, or in abs(u) if it has a kink at 0.
///
/// About an anchor A, with x = (q − A)/h and t = (k − A)/h,
///
/// ```
/// P(x − t) = Σⱼ Dⱼ(x) tʲ,   Dⱼ(x) = (−1)ʲ P⁽ʲ⁾(x)/j!
/// ```
///
/// so moments Σωctʲ of many keys give their sum at any query.
final class KernelPolynomial: @unchecked Sendable {
  /// The coefficients of the powers of u, from the 0th on.
  let coefficients: [Double]

  /// Whether P is valid only for u ≥ 0.
  let isSplit: Bool

  private let tables: AlignedMemory

  init(coefficients: [Double], isSplit: Bool) {
    self.coefficients = coefficients
    self.isSplit = isSplit
    let degree = coefficients.count - 1
    precondition(degree <= Int(NADARAYA_GREATEST_DEGREE), "the loops do not support this degree")
    let stride = Int(NADARAYA_POLYNOMIAL_STRIDE)
    let tables = AlignedMemory(count: 2 * stride * coefficients.count)
    for side in 0...1 {
      for power in 0...degree {
        let row = tables.base + (side * coefficients.count + power) * stride
        var binomial = 1.0
        for j in 0...degree - power {
          // P(−u) changes the sign of the odd coefficients, and (−t)ʲ changes it again.
          let mirrored = (power + j) % 2 == 1 && side == 1
          let sign = (j % 2 == 1) != mirrored ? -1.0 : 1
          row[j] = sign * binomial * coefficients[power + j]
          binomial = binomial * Double(power + j + 1) / Double(j + 1)
        }
      }
    }
    self.tables = tables
  }

  /// The polynomial of a built-in kernel; nil if the kernel is not a polynomial.
  convenience init?(_ kernel: Kernel.BuiltIn) {
    switch kernel {
    case .boxcar, .constant: self.init(coefficients: [1], isSplit: false)
    case .triangular: self.init(coefficients: [1, -1], isSplit: true)
    case .epanechnikov: self.init(coefficients: [1, 0, -1], isSplit: false)
    case .biweight: self.init(coefficients: [1, 0, -2, 0, 1], isSplit: false)
    case .triweight: self.init(coefficients: [1, 0, -3, 0, 3, 0, -1], isSplit: false)
    case .tricube:
      self.init(coefficients: [1, 0, 0, -3, 0, 0, 3, 0, 0, -1], isSplit: true)
    default: return nil
    }
  }

  var degree: Int { coefficients.count - 1 }

  /// P².
  var squared: KernelPolynomial {
    var square = [Double](repeating: 0, count: 2 * degree + 1)
    for (i, a) in coefficients.enumerated() {
      for (j, b) in coefficients.enumerated() { square[i + j] += a * b }
    }
    return KernelPolynomial(coefficients: square, isSplit: isSplit)
  }

  /// The table that the loops read, for keys left of the query (u > 0) or right of it.
  func table(rightOfQuery: Bool) -> UnsafePointer<Double> {
    UnsafePointer(tables.base)
      + (rightOfQuery ? coefficients.count * Int(NADARAYA_POLYNOMIAL_STRIDE) : 0)
  }

  /// Σ|coefficient|·yⁱ: a bound on each term of Σⱼ Dⱼ(x)tʲ with |x| + |t| ≤ y, and on their sum.
  func magnitude(_ y: Double) -> Double {
    // A constant is the same at any distance, even an infinite one.
    var sum = coefficients[degree].magnitude
    for power in (0..<degree).reversed() { sum = sum * y + coefficients[power].magnitude }
    return sum
  }

  /// The width of cells, in bandwidths.
  ///
  /// Wider cells give fewer pieces per window; in narrower cells the terms of P about an anchor exceed
  /// P by less. The widths keep ``magnitude(_:)`` below 15 times the mean of P over a window of evenly
  /// spread keys.
  ///
  /// They are less than the width of a window, or of its half, so that no window lies inside a cell.
  /// Moments of higher powers magnify more, |u|ᵃ by (1 + width)ᵃ.
  func cellWidth(powers: Int) -> Double {
    powers == 0 ? plainCellWidth : min(plainCellWidth, powers == 2 ? 0.5 : 0.25)
  }

  private var plainCellWidth: Double {
    let width: Double =
      switch degree {
      case ...2: isSplit ? 1 : 2
      case ...4: isSplit ? 0.5 : 1
      default: 0.5
      }
    return width * (1 - 0x1p-20)
  }
}
