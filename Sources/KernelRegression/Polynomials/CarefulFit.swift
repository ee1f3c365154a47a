internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// One local polynomial by weighted least squares over the keys themselves, for queries at which moments
/// would lose too many digits.
///
/// Goals, in order of priority:
/// 1. The solution keeps its digits however much the weights differ and however close the keys are: far
///    from the keys the heaviest determine the constant, and others 10⁻¹⁰⁰ as heavy determine the slope.
/// 2. It distinguishes the values and slopes that the design determines from those that only rounding
///    seems to allow; see ``KeyDesign``.
/// 3. The cost is O(m·(N² + log m)) for m keys and N coefficients.
///
/// The degree is the highest whose value at the query the keys determine.
final class CarefulFit {
  /// The degree used; −1 without any key.
  private(set) var degree = -1

  /// The polynomial at the query, for each column.
  private(set) var values: [Double]

  /// Its derivatives in u at the query: for each column, input by input; NaN where the keys do not determine
  /// them.
  private(set) var derivatives: [[Double]]

  /// For each input, whether the keys determine its slope.
  private(set) var slopesAreKnown: [Bool]

  /// The first element of the inverse of Σwzzᵀ about the query, for weights that sum to 1.
  private(set) var inverse = 0.0

  private let basis: PolynomialBasis
  private let problem: KernelSumProblem

  /// The keys of each row, which lie at the same place.
  private var ties: [[(key: Int, weight: Double)]] = []
  private var origins: [Int] = []
  private var rowWeights: [Double] = []

  /// - Parameter basis: the basis of the problem, which other fits may share.
  init(_ problem: KernelSumProblem, _ basis: PolynomialBasis? = nil) {
    self.problem = problem
    self.basis = basis ?? problem.polynomialBasis
    values = problem.columns.map { _ in .nan }
    derivatives = values.map { [dimension = self.basis.dimension] _ in
      [Double](repeating: .nan, count: dimension)
    }
    slopesAreKnown = [Bool](repeating: false, count: self.basis.dimension)
  }

  /// Fits the polynomial at a query to the keys with weight; the sum of the weights does not matter.
  func fit(at query: ArraySlice<Double>, weights: [(key: Int, weight: Double)]) {
    let total = weights.reduce(0) { $0 + $1.weight }
    guard total > 0 else {
      degree = -1
      return
    }
    evaluate(at: query, design(weights, total: total))
  }

  /// Fits the polynomial to keys whose weights are out of the range of doubles.
  ///
  /// Where the next lighter key has less than exp(−60) of a weight, the exact ratio changes no digit, so
  /// such gaps are narrowed to exp(−60).
  func fit(at query: ArraySlice<Double>, logWeights: [(key: Int, logWeight: Double)]) {
    let sorted = logWeights.sorted { $0.logWeight > $1.logWeight }
    var depth = 0.0
    var last = 0.0
    var weights: [(key: Int, weight: Double)] = []
    for (key, logWeight) in sorted where logWeight > -.infinity {
      depth += min(last - logWeight, 60)
      last = logWeight
      weights.append((key, .exp(-depth)))
    }
    fit(at: query, weights: weights)
  }

  /// The weight of each key in the value at the query; the weights sum to 1, and above degree 0 some may
  /// be negative.
  func smootherWeights() -> [(key: Int, weight: Double)] {
    zip(origins, rowWeights).flatMap { tie, weight in
      let sum = ties[tie].reduce(0) { $0 + $1.weight }
      return ties[tie].map { ($0.key, weight * ($0.weight / sum)) }
    }
  }

  /// The rows of keys with weight, measured from the place with the most weight.
  func design(_ weights: [(key: Int, weight: Double)], total: Double) -> KeyDesign {
    ties = grouped(weights.filter { $0.weight > 0 })
    let sums = ties.map { tie in tie.reduce(0) { $0 + $1.weight } }
    ties.swapAt(0, sums.indices.max { sums[$0] < sums[$1] } ?? 0)
    let rootWeights = ties.map { tie in
      Double.sqrt(tie.reduce(0) { $0 + $1.weight } / total)
    }
    return KeyDesign(
      basis, keys: ties.map { place(of: $0[0].key) }, rootWeights: rootWeights,
      targets: problem.columns.map { column in
        zip(ties, rootWeights).map { mean(of: column, $0).times($1) }
      })
  }

  /// The mean of a column over keys at one place.
  private func mean(of column: [Double], _ tie: [(key: Int, weight: Double)]) -> DoubleDouble {
    guard tie.count > 1 else { return DoubleDouble(column[tie[0].key]) }
    // Without labels such keys differ only in their observation weights, which are exact.
    let observed = problem.similarity.labels.isEmpty ? problem.observationWeights : nil
    let isAlike = problem.similarity.labels.isEmpty && observed == nil
    var sum = DoubleDouble.zero
    var total = DoubleDouble.zero
    for (key, weight) in tie {
      let weight = DoubleDouble(isAlike ? 1 : observed?[key] ?? weight)
      sum = sum + weight * DoubleDouble(column[key])
      total = total + weight
    }
    return sum / total
  }

  /// The keys grouped by place: keys at the same place make one row of their sum and mean.
  ///
  /// In separate rows, the rounding of their differing values could outweigh a lighter key on which the
  /// polynomial depends.
  private func grouped(
    _ weights: [(key: Int, weight: Double)]
  ) -> [[(key: Int, weight: Double)]] {
    let stride = problem.keys.dimension
    let inputs = bandwidths.indices
    let coordinates = problem.keys.coordinates
    func precedes(_ left: Int, _ right: Int) -> Bool {
      for input in inputs {
        let (a, b) = (coordinates[left * stride + input], coordinates[right * stride + input])
        if a != b { return a < b }
      }
      return false
    }
    var ties: [[(key: Int, weight: Double)]] = []
    for entry in weights.sorted(by: { precedes($0.key, $1.key) }) {
      if let last = ties.last?.first, !precedes(last.key, entry.key) {
        ties[ties.count - 1].append(entry)
      } else {
        ties.append([entry])
      }
    }
    return ties
  }

  /// h of the continuous inputs.
  var bandwidths: [Double] { problem.similarity.bandwidths }

  /// The continuous inputs of a key.
  func place(of key: Int) -> [Double] {
    Array(problem.keys[key].prefix(bandwidths.count))
  }

  private func evaluate(at query: ArraySlice<Double>, _ design: KeyDesign) {
    let value = design.value(at: query)
    degree = (0...basis.monomials.degree).last { design.determines(value, degree: $0) } ?? 0
    let squares = GradedLeastSquares(
      design.elimination, count: design.rank(ofDegree: degree))
    let response = design.response(value, degree: degree)
    inverse = zip(squares.substitutedForward(response), squares.squares).reduce(0) {
      $0 + $1.0.head / $1.1.head * $1.0.head
    }
    origins = design.elimination.origins
    rowWeights = squares.rowWeights(response)
    let slopes = bandwidths.indices.map { input in
      let slope = design.slope(input, of: value)
      return degree > 0 && design.determines(slope, degree: degree)
        ? (
          response: design.response(slope, degree: degree),
          unit: bandwidths[input] / design.scales[input]
        )
        : nil
    }
    slopesAreKnown = slopes.map { $0 != nil }
    for column in values.indices {
      let solution = squares.substitutedBackward(squares.reducedTargets(column))
      values[column] = response.product(with: solution).value
      for input in slopes.indices {
        derivatives[column][input] =
          slopes[input].map {
            $0.response.product(with: solution).value * $0.unit
          } ?? .nan
      }
    }
  }
}

extension KernelSumProblem {
  /// The monomials of the continuous inputs; with labels only, the constant.
  func monomials(ofDegree degree: Int) -> Monomials {
    Monomials(dimension: max(similarity.bandwidths.count, 1), degree: degree)
  }

  /// The polynomials of the problem's degree.
  var polynomialBasis: PolynomialBasis { PolynomialBasis(monomials(ofDegree: degree)) }
}
