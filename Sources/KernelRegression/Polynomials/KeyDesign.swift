internal import KernelSums
internal import SimilarityKernels

/// The factored polynomials at some places, and which of their values and slopes the places determine.
///
/// A value at a query is determined if every polynomial that vanishes at all places also vanishes at the
/// query, and a slope if that slope of every such polynomial is 0. Single coefficients need not be: if an
/// input does not vary, or two are collinear, all best-fitting polynomials have the same value on their
/// line.
///
/// ## Which places differ
/// In one input places are taken as exact. In several, one input may be 0.3 times another, and the
/// rounding of its numbers must not determine anything. So a polynomial counts as vanishing at a place if
/// it can vanish once each coordinate moves by ``blur`` of its magnitude, two to four units in its last
/// place, to first order and including the effect on the polynomial itself:
///
/// ```
/// |f(k)| ≤ Σⱼ blur |kⱼ| |∂ⱼf(k)| + the same of the places through which f was laid
/// ```
///
/// An input that differs from a sum of others by more, however little, is separate.
struct KeyDesign {
  /// The possible error of a coordinate, relative to its magnitude.
  static var blur: Double { 0x1p-51 }

  let elimination: GradedElimination

  private let basis: PolynomialBasis
  private let keys: [[Double]]
  /// The scales of t = (k − origin)/scale, powers of two.
  let scales: [Double]
  /// The origin of t.
  let origin: [Double]

  /// - Parameters:
  ///   - keys: the places, all different; the first is the origin of t.
  ///   - rootWeights: √w of each.
  ///   - targets: √w·v of each, for each value column.
  init(
    _ basis: PolynomialBasis, keys: [[Double]], rootWeights: [Double],
    targets: [[DoubleDouble]] = []
  ) {
    self.basis = basis
    let monomials = basis.monomials
    self.keys = keys
    let origin = keys[0]
    let scales = origin.indices.map { input in
      let largest = keys.reduce(0) { max($0, ($1[input] - origin[input]).magnitude) }
      return largest > 0 ? max(largest.binade, 0x1p-1000) : 1
    }
    self.origin = origin
    self.scales = scales
    guard monomials.dimension > 1 else {
      var elimination = GradedElimination(
        rootWeights: rootWeights, design: [], targets: targets)
      let scale = scales.first ?? 1
      var rest: [DoubleDouble] = []
      elimination.eliminate(columns: monomials.count) { column, pivots in
        if column == 0 {
          rest = rootWeights.map { DoubleDouble($0) }
        } else if let last = pivots.last, pivots.count == column {
          for row in rest.indices {
            rest[row] =
              rest[row]
              * DoubleDouble(sumOf: keys[row].first ?? 0, -(keys[last].first ?? 0))
              .scaled(by: 1 / scale)
          }
        }
        return rest
      }
      self.elimination = elimination
      return
    }
    let powers = keys.map { basis.powers(of: Self.place(of: $0, origin, scales)) }
    var elimination = GradedElimination(
      rootWeights: rootWeights,
      design: (0..<monomials.count).map { column in
        zip(powers, rootWeights).map { $0[column].times($1) }
      }, targets: targets)
    elimination.eliminate { column, pivots, coefficients in
      zip(keys, zip(powers, rootWeights)).map { key, row in
        row.1
          * Self.blur(
            of: column, pivots, coefficients, at: row.0.map(\.head), basis.slopes,
            moves: Self.moves(key, scales))
      }
    }
    self.elimination = elimination
  }

  /// t of a place.
  private static func place(
    of key: [Double], _ origin: [Double], _ scales: [Double]
  ) -> [DoubleDouble] {
    scales.indices.map {
      DoubleDouble(sumOf: key[$0], -origin[$0]).scaled(by: 1 / scales[$0])
    }
  }

  private static func moves(_ key: [Double], _ scales: [Double]) -> [Double] {
    zip(key, scales).map { blur * $0.magnitude / $1 }
  }

  /// Σⱼ moves |∂ⱼf| of f = column − Σ coefficients · pivots.
  private static func blur(
    of column: Int, _ pivots: [Int], _ coefficients: [DoubleDouble], at powers: [Double],
    _ slopes: [[(factor: Double, monomial: Int)]], moves: [Double]
  ) -> Double {
    func slope(_ index: Int, _ input: Int) -> Double {
      let slope = slopes[input][index]
      return slope.factor == 0 ? 0 : slope.factor * powers[slope.monomial]
    }
    return moves.indices.reduce(0) { sum, input in
      guard moves[input] > 0 else { return sum }
      let total = zip(pivots, coefficients).reduce(slope(column, input)) {
        $0 - $1.1.head * slope($1.0, input)
      }
      return sum + moves[input] * total.magnitude
    }
  }

  /// The number of coefficients of a degree that the places determine.
  func rank(ofDegree degree: Int) -> Int {
    let count = basis.count(ofDegree: degree)
    return elimination.pivots.count { $0 < count }
  }
}

extension KeyDesign {
  /// A value or a slope at a query, as a function of polynomials.
  struct Functional {
    /// That of each column.
    let numbers: [DoubleDouble]
    fileprivate let query: [Double]
    fileprivate let powers: [DoubleDouble]
    /// The input of a slope; nil for the value.
    fileprivate let input: Int?
  }

  /// The polynomials' values at a query.
  func value(at query: ArraySlice<Double>) -> Functional {
    let query = Array(query.prefix(scales.count))
    let powers =
      basis.dimension > 1
      ? basis.powers(of: Self.place(of: query, origin, scales))
      : newtonFunctionals(at: query.first ?? 0).values
    return Functional(numbers: powers, query: query, powers: powers, input: nil)
  }

  /// The polynomials' slopes in t along an input, at the query of a value.
  func slope(_ input: Int, of value: Functional) -> Functional {
    Functional(
      numbers: basis.dimension > 1
        ? slopes(input, of: value.powers)
        : newtonFunctionals(at: value.query.first ?? 0).slopes,
      query: value.query, powers: value.powers, input: input)
  }

  private func slopes(_ input: Int, of numbers: [DoubleDouble]) -> [DoubleDouble] {
    basis.slopes[input].map {
      $0.factor == 0 ? .zero : numbers[$0.monomial] * DoubleDouble($0.factor)
    }
  }

  /// Whether a functional of a degree's polynomials is determined.
  func determines(_ functional: Functional, degree: Int) -> Bool {
    let count = basis.count(ofDegree: degree)
    return elimination.relations.allSatisfy {
      $0.column >= count || vanishes($0, under: functional)
    }
  }

  private func vanishes(
    _ relation: GradedElimination.Relation, under functional: Functional
  ) -> Bool {
    var rest = functional.numbers[relation.column]
    var terms = rest.head.magnitude
    for (pivot, coefficient) in zip(elimination.pivots, relation.coefficients)
    where coefficient.head != 0 {
      let term = coefficient * functional.numbers[pivot]
      rest = rest - term
      terms += term.head.magnitude
    }
    let size = rest.head.magnitude
    if size <= GradedElimination.leastTolerance * terms { return true }
    guard !relation.noise.isEmpty else { return false }
    // If the query moves, the function changes by its slopes.
    let moves = Self.moves(functional.query, scales)
    var noise = moves.indices.reduce(0.0) { sum, input in
      guard moves[input] > 0 else { return sum }
      let numbers = slopes(input, of: functional.numbers)
      let total = zip(elimination.pivots, relation.coefficients).reduce(
        numbers[relation.column].head
      ) { $0 - $1.1.head * numbers[$1.0].head }
      return sum + moves[input] * total.magnitude
    }
    if size <= noise { return true }
    let rank = relation.coefficients.count
    for (weight, own) in zip(pivotWeights(functional, of: rank), relation.noise) {
      noise += weight.magnitude * own
    }
    return size <= noise
  }

  /// The weight of √w f at each of the first pivots' places in the functional of f.
  private func pivotWeights(_ functional: Functional, of rank: Int) -> [Double] {
    var weights = elimination.solvedTransposed(functional.numbers, of: rank)
    for row in (0..<rank).reversed() {
      for after in row + 1..<max(rank, row + 1) {
        weights[row] = weights[row] - elimination.lower[row][after] * weights[after]
      }
    }
    return weights.map(\.head)
  }

  /// U⁻ᵀ of a functional, over the pivots of a degree.
  func response(_ functional: Functional, degree: Int) -> [DoubleDouble] {
    elimination.solvedTransposed(functional.numbers, of: rank(ofDegree: degree))
  }

  /// The values and slopes at a query of Newton's polynomials (t − t₁)(t − t₂)… with roots at the pivots'
  /// places.
  private func newtonFunctionals(
    at query: Double
  ) -> (values: [DoubleDouble], slopes: [DoubleDouble]) {
    var values = [DoubleDouble(1)]
    var slopes = [DoubleDouble.zero]
    let roots = elimination.pivots.indices.map { keys[elimination.origins[$0]].first ?? 0 }
    for column in 1..<max(basis.count, 1) {
      guard column <= roots.count else {
        values.append(values[column - 1])
        slopes.append(slopes[column - 1])
        continue
      }
      let factor = DoubleDouble(sumOf: query, -roots[column - 1]).scaled(by: 1 / scales[0])
      slopes.append(slopes[column - 1] * factor + values[column - 1])
      values.append(values[column - 1] * factor)
    }
    return (values, slopes)
  }
}
