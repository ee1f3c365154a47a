internal import _CKernelSums

/// A term of (A + 2 s·t − B)ᵐ.
struct RadialTerm: Sendable {
  /// m!/(r! α! b!) 2^|α| (−1)ᵇ.
  let coefficient: Double
  /// r, the power of A.
  let power: Int
  /// The inputs whose s and t are multiplied, in ascending order.
  let inputs: [Int]
  /// b, the power of B.
  let squares: Int
  /// The term whose t^α Bᵇ, times a variable, gives this term's.
  var parent = 0
  var factor = 0

  /// All terms; nil if there are too many.
  static func all(power: Int, dimension: Int) -> [RadialTerm]? {
    var terms: [RadialTerm] = []
    var products: [[Int]] = [[]]
    for order in 0...power {
      for inputs in products {
        for squares in 0...(power - order) {
          guard terms.count < NADARAYA_FEATURES else { return nil }
          terms.append(term(power, inputs, squares, dimension, among: terms))
        }
      }
      products = products.flatMap { product in
        ((product.last ?? 0)..<dimension).map { product + [$0] }
      }
    }
    return terms
  }

  private static func term(
    _ power: Int, _ inputs: [Int], _ squares: Int, _ dimension: Int, among terms: [RadialTerm]
  ) -> RadialTerm {
    func factorial(_ number: Int) -> Double { (1...max(number, 1)).reduce(1) { $0 * Double($1) } }
    let rest = power - inputs.count - squares
    let repeated = Set(inputs).reduce(1.0) { product, input in
      product * factorial(inputs.count(where: { $0 == input }))
    }
    let sign: Double = squares.isMultiple(of: 2) ? 1 : -1
    let count = factorial(power) / (factorial(rest) * repeated * factorial(squares))
    var term = RadialTerm(
      coefficient: sign * count * Double(1 << inputs.count), power: rest, inputs: inputs,
      squares: squares)
    if squares > 0 {
      term.parent = terms.count - 1
      term.factor = dimension
    } else if let last = inputs.last {
      let parent = Array(inputs.dropLast())
      term.parent = terms.firstIndex { $0.inputs == parent && $0.squares == 0 } ?? 0
      term.factor = last
    }
    return term
  }
}
