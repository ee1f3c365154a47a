internal import RealModule

// The Gaussian's interpolation in pairs of doubles.
//
// Slopes and curvatures multiply the Chebyshev coefficient of degree l by up to l² and l⁴/3. Coefficients
// from values in doubles have a rounding error of some 1e-17 each, whatever their degree, which would leave
// curvatures with ten digits. In pairs of doubles every coefficient keeps its own digits.

/// Chebyshev interpolation of the Gaussian between two cells in pairs of doubles.
struct PreciseInterpolation {
  private let terms: Int
  private let points: [DoubleDouble]

  /// T_l at point a of the upper half, times 2/p, halved for l = 0.
  private let transform: [DoubleDouble]

  /// The coefficient of uˡ in T_j; whole numbers.
  private let polynomials: [Double]

  /// - Precondition: the number of terms is even.
  init(terms: Int) {
    self.terms = terms
    let cosines = (0..<4 * terms).map { DoubleDouble.cosine(ofQuarters: $0, in: terms) }
    points = (0..<terms).map { cosines[2 * $0 + 1] }
    let half = terms / 2
    transform = (0..<terms * half).map { index in
      let (l, a) = (index / half, index % half)
      let cosine = l == 0 ? DoubleDouble(0.5) : cosines[(2 * a + 1) * l % (4 * terms)]
      return cosine.scaled(by: 2) / Double(terms)
    }
    polynomials = ChebyshevBasis.powersOfPolynomials(terms)
  }

  /// The coefficients of uˡtᵏ of exp(−v²/2), v = `ratio`·(2·offset + u − t)/2.
  func powers(ratio: Double, offset: Int) -> [Double] {
    var values = [DoubleDouble](repeating: .zero, count: terms * terms)
    for row in 0..<terms {
      for column in 0..<terms {
        let steps = points[row] - points[column] + 2 * Double(offset)
        let v = steps * DoubleDouble(ratio / 2)
        values[row * terms + column] = .exponential(-(v * v).scaled(by: 0.5))
      }
    }
    // Each pass works along the first index and exchanges the two.
    return inPowers(inPowers(transformed(transformed(values)))).map(\.value)
  }

  /// Σ over a of T_l(a) values[a][k] at [k][l]; points a and p − 1 − a differ in sign, and so do odd T_l.
  private func transformed(_ values: [DoubleDouble]) -> [DoubleDouble] {
    let half = terms / 2
    var result = [DoubleDouble](repeating: .zero, count: terms * terms)
    for column in 0..<terms {
      for a in 0..<half {
        let (upper, lower) = (
          values[a * terms + column], values[(terms - 1 - a) * terms + column]
        )
        let (even, odd) = (upper + lower, upper - lower)
        for l in 0..<terms {
          let value = l.isMultiple(of: 2) ? even : odd
          result[column * terms + l] = result[column * terms + l] + transform[l * half + a] * value
        }
      }
    }
    return result
  }

  /// Coefficients of powers for those of Chebyshev polynomials.
  private func inPowers(_ coefficients: [DoubleDouble]) -> [DoubleDouble] {
    var result = [DoubleDouble](repeating: .zero, count: terms * terms)
    for polynomial in 0..<terms {
      for power in stride(from: polynomial & 1, through: polynomial, by: 2) {
        let factor = DoubleDouble(polynomials[polynomial * terms + power])
        for other in 0..<terms {
          result[other * terms + power] =
            result[other * terms + power] + factor * coefficients[polynomial * terms + other]
        }
      }
    }
    return result
  }
}

extension DoubleDouble {
  /// cos(j π/2p), by its power series.
  fileprivate static func cosine(ofQuarters j: Int, in p: Int) -> DoubleDouble {
    let j = j % (4 * p)
    if j > 2 * p { return cosine(ofQuarters: 4 * p - j, in: p) }
    if j > p { return -cosine(ofQuarters: 2 * p - j, in: p) }
    let pi = DoubleDouble(head: .pi, tail: 0x1.1a62633145c07p-53)
    let angle = pi * DoubleDouble(Double(j)) / Double(2 * p)
    let square = angle * angle
    // (π/2)³⁰/30! is 3e-27.
    return stride(from: 28, to: 0, by: -2).reduce(DoubleDouble(1)) { sum, power in
      -(sum * square / Double(power * (power - 1))) + 1
    }
  }

  /// e^x for x ≤ 0 to about 28 digits, if that is a normal number.
  fileprivate static func exponential(_ x: DoubleDouble) -> DoubleDouble {
    let logarithm = DoubleDouble(head: 0x1.62e42fefa39efp-1, tail: 0x1.abc9e3b39803fp-56)
    let doublings = (x.head / logarithm.head).rounded()
    // Of x/256, whose ninth power is below 1e-25, the series to the eighth power; then eight squarings.
    let rest = (x - logarithm * DoubleDouble(doublings)).scaled(by: 0x1p-8)
    let series = stride(from: 8, to: 0, by: -1).reduce(DoubleDouble(1)) { sum, power in
      sum * rest / Double(power) + 1
    }
    let power = (0..<8).reduce(series) { product, _ in product * product }
    return power.scaled(by: .exp2(doublings))
  }
}
