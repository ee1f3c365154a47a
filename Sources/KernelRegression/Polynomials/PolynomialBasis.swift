internal import KernelSums

/// The monomials of a degree with their slopes.
struct PolynomialBasis: Sendable {
  let monomials: Monomials

  /// ∂/∂t of each monomial along each input, as a multiple of another monomial.
  let slopes: [[(factor: Double, monomial: Int)]]

  private let counts: [Int]

  init(_ monomials: Monomials) {
    self.monomials = monomials
    let places = Dictionary(
      uniqueKeysWithValues: zip(monomials.exponents, monomials.exponents.indices))
    slopes = (0..<monomials.dimension).map { input in
      monomials.exponents.map { exponents in
        var lower = exponents
        lower[input] -= 1
        return (Double(exponents[input]), places[lower] ?? 0)
      }
    }
    counts = (0...monomials.degree).map {
      Monomials.count(dimension: monomials.dimension, degree: $0)
    }
  }

  var dimension: Int { monomials.dimension }

  var count: Int { monomials.count }

  func count(ofDegree degree: Int) -> Int { counts[degree] }

  /// The monomials at a place.
  func powers(of place: [DoubleDouble]) -> [DoubleDouble] {
    var powers = [DoubleDouble(1)]
    powers.reserveCapacity(count)
    for index in 1..<max(count, 1) {
      powers.append(powers[monomials.parents[index]] * place[monomials.factors[index]])
    }
    return powers
  }
}
