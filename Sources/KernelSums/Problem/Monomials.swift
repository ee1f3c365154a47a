/// The monomials of d variables up to a degree, in graded lexicographic order.
///
/// ```
/// u^a = u₁^a₁ ⋯ u_d^a_d,   |a| = a₁ + ⋯ + a_d ≤ degree
/// ```
///
/// Lower degrees come first; within a degree, higher powers of the first variable do: 1; u₁, u₂; u₁²,
/// u₁u₂, u₂². The monomials up to a lower degree are therefore a prefix of those up to a higher one.
package struct Monomials: Sendable {
  /// The number of variables.
  package let dimension: Int

  /// The highest degree.
  package let degree: Int

  /// a for each monomial.
  package let exponents: [[Int]]

  /// Monomial i > 0 is monomial `parents[i]` times variable `factors[i]`.
  package let parents: [Int]

  /// See ``parents``; 0 for the constant.
  package let factors: [Int]

  private let places: [[Int]: Int]

  /// All monomials of `dimension` variables up to `degree`.
  ///
  /// - Precondition: `dimension` is at least 1, `degree` at least 0.
  /// - Complexity: O(d) for each monomial.
  package init(dimension: Int, degree: Int) {
    precondition(
      dimension >= 1 && degree >= 0,
      "monomials need at least one variable and a degree of at least 0")
    self.dimension = dimension
    self.degree = degree
    var exponents = [[Int](repeating: 0, count: dimension)]
    var parents = [0]
    var factors = [0]
    var lastDegree = 0..<1
    for _ in 0..<degree {
      let start = exponents.count
      for factor in 0..<dimension {
        // Each monomial is generated once, by its last variable.
        for parent in lastDegree where exponents[parent][(factor + 1)...].allSatisfy({ $0 == 0 }) {
          var next = exponents[parent]
          next[factor] += 1
          exponents.append(next)
          parents.append(parent)
          factors.append(factor)
        }
      }
      let order = (start..<exponents.count).sorted {
        exponents[$1].lexicographicallyPrecedes(exponents[$0])
      }
      exponents[start...] = ArraySlice(order.map { exponents[$0] })
      parents[start...] = ArraySlice(order.map { parents[$0] })
      factors[start...] = ArraySlice(order.map { factors[$0] })
      lastDegree = start..<exponents.count
    }
    self.exponents = exponents
    self.parents = parents
    self.factors = factors
    places = Dictionary(uniqueKeysWithValues: zip(exponents, exponents.indices))
  }

  /// The number of monomials, (d + degree)!/(d! degree!).
  package var count: Int { exponents.count }

  /// The number of monomials of `dimension` variables up to `degree`.
  package static func count(dimension: Int, degree: Int) -> Int {
    (0..<degree).reduce(1) { $0 * (dimension + $1 + 1) / ($1 + 1) }
  }

  /// The index of the product of two monomials.
  ///
  /// - Precondition: the product's degree is at most ``degree``.
  /// - Complexity: O(d).
  package func product(_ first: Int, _ second: Int) -> Int {
    let product = zip(exponents[first], exponents[second]).map(+)
    guard let place = places[product] else { preconditionFailure("no monomial \(product)") }
    return place
  }
}
