internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// One local polynomial by weighted least squares over the keys themselves, for the queries at which
/// moments would lose too many digits.
///
/// Goals, in order of priority:
/// 1. The solution keeps its digits however much the weights differ: far from the keys the heaviest
///    determine the constant, others 10⁻¹⁰⁰ as heavy the slope.
/// 2. Which degree the design determines is told apart from which one rounding seems to allow.
/// 3. The cost is O(m·(N² + log m)) for m keys and N coefficients.
///
/// The polynomial is written in t = (k − k*)/h about the heaviest key k*, over the largest |t|: the
/// differences of keys are exact where it matters. ``GradedElimination`` brings the rows √w·(1, t, …) to
/// triangular form and tells which columns are determined; the degree is the highest of which all are.
final class CarefulFit {
  /// The degree that the design determines; −1 without any key.
  private(set) var degree = -1

  /// The polynomial at the query, for each column.
  private(set) var values: [Double]

  /// Its derivatives in u at the query: for each column, input by input.
  private(set) var derivatives: [[Double]]

  /// The first element of the inverse of Σwzzᵀ about the query, for weights of sum 1.
  private(set) var inverse = 0.0

  private let monomials: Monomials
  private let problem: KernelSumProblem

  /// The keys of each row, which lie at the same place.
  private var ties: [[(key: Int, weight: Double)]] = []
  private var rows = GradedElimination(rootWeights: [], design: [], targets: [])
  /// R⁻ᵀz(q).
  private var response: [Double] = []

  init(_ problem: KernelSumProblem) {
    self.problem = problem
    monomials = problem.monomials(ofDegree: problem.degree)
    values = problem.columns.map { _ in .nan }
    derivatives = values.map { [dimension = monomials.dimension] _ in
      [Double](repeating: .nan, count: dimension)
    }
  }

  /// Fits the polynomial at a query to the keys that have weight, whatever the sum of the weights.
  func fit(at query: ArraySlice<Double>, weights: [(key: Int, weight: Double)]) {
    let total = weights.reduce(0) { $0 + $1.weight }
    guard total > 0 else {
      degree = -1
      return
    }
    let heaviest = heaviest(weights)
    let scales = prepare(weights, total: total, about: heaviest)
    var determined = 0
    while determined < monomials.count, rows.eliminate(determined, at: determined) {
      determined += 1
    }
    degree = (0...problem.degree).last { count(ofDegree: $0) <= determined } ?? 0
    rows.keepReflections(count(ofDegree: degree))
    evaluate(at: query, about: heaviest, scales: scales)
  }

  /// Fits the polynomial to keys whose weights leave the range of doubles.
  ///
  /// Where the next lighter key has less than exp(−60) of a weight, how much less changes no digit:
  /// such gaps are closed to that.
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

  /// The triangular form of keys, about the heaviest of them; of degree 1 at most.
  ///
  /// - Parameters:
  ///   - logWeights: ln of the keys' weights over that of the heaviest, all finite.
  ///   - unit: the weight of the heaviest.
  func reduced(
    _ logWeights: [(key: Int, logWeight: Double)], unit: AnchoredWeight
  ) -> PartialFit {
    let sorted = logWeights.sorted { $0.logWeight > $1.logWeight }
    guard let heaviest = sorted.first?.key else { return PartialFit(centre: [], blocks: []) }
    let top = unit.high + (unit.low + .log(unit.factor))
    var blocks: [GradedBlock] = []
    for block in sorted.chunked(by: { GradedBlock.level(ofLogWeight: top + $0.logWeight) }) {
      let first = block[block.startIndex].logWeight
      blocks.append(
        self.block(
          block.map { ($0.key, .exp($0.logWeight - first)) }, about: heaviest,
          unit: unit.scaled(byExponentialOf: first),
          level: GradedBlock.level(ofLogWeight: top + first),
          least: top + block[block.endIndex - 1].logWeight))
      guard PartialFit.needed(blocks).count == blocks.count else {
        blocks.removeLast()
        break
      }
    }
    return PartialFit(
      centre: Array(problem.keys[heaviest].prefix(monomials.count - 1)), blocks: blocks)
  }

  private func block(
    _ weights: [(key: Int, weight: Double)], about origin: Int, unit: AnchoredWeight, level: Int,
    least: Double
  ) -> GradedBlock {
    let total = weights.reduce(0) { $0 + $1.weight }
    let scales = prepare(weights, total: total, about: origin)
    let rows = rows.triangular(
      columns: monomials.count, valueCount: values.count, scales: [1] + scales
    ) { _, diagonal in unit.scaled(bySquareOf: diagonal * .sqrt(total)) }
    return GradedBlock(level: level, rows: rows, least: least)
  }

  /// The weight that each key has in the value at the query; they sum to 1, and above degree 0 some
  /// may be negative.
  func smootherWeights() -> [(key: Int, weight: Double)] {
    var vector = response + [Double](repeating: 0, count: rows.count - response.count)
    for index in response.indices.reversed() { rows.reflect(&vector, by: index) }
    return zip(rows.origins, zip(vector, rows.rootWeights)).flatMap { tie, row in
      let sum = ties[tie].reduce(0) { $0 + $1.weight }
      return ties[tie].map { ($0.key, row.0 * row.1 * ($0.weight / sum)) }
    }
  }

  /// Keys at the same place together: they make one row, of their sum and mean.
  ///
  /// In rows of their own what their values differ by would meet rounding, and together outweigh a
  /// lighter key on which the polynomial depends.
  private func grouped(
    _ weights: [(key: Int, weight: Double)]
  ) -> [[(key: Int, weight: Double)]] {
    let stride = problem.keys.dimension
    let inputs = problem.similarity.bandwidths.indices
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

  private func count(ofDegree degree: Int) -> Int {
    Monomials.count(dimension: monomials.dimension, degree: degree)
  }

  private func difference(_ place: Double, _ origin: Int, _ input: Int) -> Double {
    (place - problem.keys.coordinates[origin * problem.keys.dimension + input])
      / problem.similarity.bandwidths[input]
  }

  /// A key of the place at which the keys have the largest weight.
  private func heaviest(_ weights: [(key: Int, weight: Double)]) -> Int {
    let ties = grouped(weights.filter { $0.weight > 0 })
    let sums = ties.map { tie in tie.reduce(0) { $0 + $1.weight } }
    return ties[sums.indices.max { sums[$0] < sums[$1] } ?? 0][0].key
  }

  /// Makes the rows of keys with weight, about one of them.
  ///
  /// - Returns: the largest |t| of each input.
  private func prepare(
    _ weights: [(key: Int, weight: Double)], total: Double, about origin: Int
  ) -> [Double] {
    ties = grouped(weights.filter { $0.weight > 0 })
    let sums = ties.map { tie in tie.reduce(0) { $0 + $1.weight } }
    let rootWeights = sums.map { Double.sqrt($0 / total) }
    let (design, scales) = design(about: origin, rootWeights)
    let targets = problem.columns.map { column in
      ties.indices.map { tie in
        ties[tie].reduce(0) { $0 + $1.weight / sums[tie] * column[$1.key] } * rootWeights[tie]
      }
    }
    rows = GradedElimination(rootWeights: rootWeights, design: design, targets: targets)
    return scales
  }

  private func design(
    about origin: Int, _ rootWeights: [Double]
  ) -> (design: [Double], scales: [Double]) {
    let dimension = problem.similarity.bandwidths.count
    let stride = problem.keys.dimension
    let coordinates = problem.keys.coordinates
    let rowCount = rootWeights.count
    let scales = (0..<dimension).map { input in
      let largest = ties.reduce(0.0) {
        max($0, difference(coordinates[$1[0].key * stride + input], origin, input).magnitude)
      }
      return largest > 0 ? largest : 1
    }
    var design = [Double](repeating: 0, count: rowCount * monomials.count)
    for row in 0..<rowCount {
      design[row] = rootWeights[row]
      for place in 1..<max(monomials.count, 1) {
        let input = monomials.factors[place]
        design[place * rowCount + row] =
          design[monomials.parents[place] * rowCount + row] / scales[input]
          * difference(coordinates[ties[row][0].key * stride + input], origin, input)
      }
    }
    return (design, scales)
  }

  private func evaluate(at query: ArraySlice<Double>, about origin: Int, scales: [Double]) {
    let count = rows.reflectionCount
    let dimension = problem.similarity.bandwidths.count
    let place = (0..<dimension).map {
      difference(query[query.startIndex + $0], origin, $0) / scales[$0]
    }
    func monomial(_ exponents: [Int]) -> Double {
      zip(exponents, place).reduce(1) { product, power in
        (0..<power.0).reduce(product) { product, _ in product * power.1 }
      }
    }
    let powers = monomials.exponents[..<count].map(monomial)
    response = powers
    for row in 0..<count {
      for before in 0..<row { response[row] -= rows.element(before, row) * response[before] }
      response[row] /= rows.element(row, row)
    }
    inverse = response.reduce(0) { $0 + $1 * $1 }
    for column in values.indices {
      var coefficients = Array(rows.reducedTargets(column)[..<count])
      for row in (0..<count).reversed() {
        for after in row + 1..<max(count, row + 1) {
          coefficients[row] -= rows.element(row, after) * coefficients[after]
        }
        coefficients[row] /= rows.element(row, row)
      }
      values[column] = zip(powers, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      for input in 0..<dimension {
        derivatives[column][input] =
          zip(monomials.exponents, coefficients).reduce(0) { sum, term in
            guard term.0[input] > 0 else { return sum }
            var lower = term.0
            lower[input] -= 1
            return sum + Double(term.0[input]) * monomial(lower) * term.1
          } / scales[input]
      }
    }
  }
}

extension KernelSumProblem {
  /// The monomials of the continuous inputs; of labels alone, the constant.
  func monomials(ofDegree degree: Int) -> Monomials {
    Monomials(dimension: max(similarity.bandwidths.count, 1), degree: degree)
  }
}

extension Array {
  /// The runs of elements of which a function is the same.
  fileprivate func chunked<Value: Equatable>(by value: (Element) -> Value) -> [ArraySlice<Element>]
  {
    var runs: [ArraySlice<Element>] = []
    for index in indices {
      if let last = runs.last, value(last[last.startIndex]) == value(self[index]) {
        runs[runs.count - 1] = self[last.startIndex...index]
      } else {
        runs.append(self[index...index])
      }
    }
    return runs
  }
}
