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
/// differences of keys are exact where it matters. Rows √w·(1, t, …) are brought to triangular form
/// by Householder reflections, column after column in graded order, the row with the largest entry
/// first: then what rounding does to a row is small against that row, be it light or heavy.
///
/// A remainder counts as 0 unless it exceeds ``tolerance`` times what stood there: the row's own entry,
/// and the column's size at that row's weight. A column of which nothing remains is determined by those
/// before it. The degree is
/// the highest of which all columns are determined.
///
/// ## Source
/// A. J. Cox and N. J. Higham, Stability of Householder QR factorization for weighted least squares
/// problems, in Numerical Analysis 1997 (Longman, 1998).
final class CarefulFit {
  /// Less than this part of a row is rounding: some hundred units in the last place.
  static var tolerance: Double { 1e-13 }

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

  private var rowCount = 0
  /// √w, sum of squares 1, and the numbers of the ties, in the order to which rows were brought.
  private var rootWeights: [Double] = []
  private var keys: [Int] = []
  /// The keys of each row, which lie at the same place.
  private var ties: [[(key: Int, weight: Double)]] = []
  /// Column by column; those that are reduced hold R above and on the diagonal.
  private var design: [Double] = []
  private var targets: [[Double]] = []
  private var reflections: [Reflection] = []
  /// R⁻ᵀz(q).
  private var response: [Double] = []

  /// I − τvvᵀ, v being 0 before its first row and 1 in it.
  private struct Reflection {
    let factor: Double
    var vector: [Double]
  }

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
    ties = grouped(weights.filter { $0.weight > 0 })
    rowCount = ties.count
    keys = Array(ties.indices)
    let sums = ties.map { tie in tie.reduce(0) { $0 + $1.weight } }
    rootWeights = sums.map { .sqrt($0 / total) }
    reflections = []
    let heaviest = sums.indices.max { sums[$0] < sums[$1] } ?? 0
    let scales = fillDesign(about: ties[heaviest][0].key)
    targets = problem.columns.map { column in
      ties.indices.map { tie in
        ties[tie].reduce(0) { $0 + $1.weight / sums[tie] * column[$1.key] } * rootWeights[tie]
      }
    }
    var determined = 0
    while determined < monomials.count, eliminate(determined) { determined += 1 }
    degree = (0...problem.degree).last { count(ofDegree: $0) <= determined } ?? 0
    reflections.removeLast(reflections.count - count(ofDegree: degree))
    evaluate(at: query, about: ties[heaviest][0].key, scales: scales)
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

  /// The weight that each key has in the value at the query; they sum to 1, and above degree 0 some
  /// may be negative.
  func smootherWeights() -> [(key: Int, weight: Double)] {
    var vector = response + [Double](repeating: 0, count: rowCount - response.count)
    for index in response.indices.reversed() { reflect(&vector, from: 0, by: index) }
    return zip(keys, zip(vector, rootWeights)).flatMap { tie, row in
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

  /// One of the keys of a tie.
  private func key(_ tie: Int) -> Int { ties[tie][0].key }

  /// - Returns: the largest |t| of each input.
  private func fillDesign(about origin: Int) -> [Double] {
    let dimension = problem.similarity.bandwidths.count
    let stride = problem.keys.dimension
    let coordinates = problem.keys.coordinates
    let scales = (0..<dimension).map { input in
      let largest = keys.reduce(0.0) {
        max($0, difference(coordinates[key($1) * stride + input], origin, input).magnitude)
      }
      return largest > 0 ? largest : 1
    }
    design = [Double](repeating: 0, count: rowCount * monomials.count)
    for row in 0..<rowCount {
      design[row] = rootWeights[row]
      for place in 1..<max(monomials.count, 1) {
        let input = monomials.factors[place]
        design[place * rowCount + row] =
          design[monomials.parents[place] * rowCount + row] / scales[input]
          * difference(coordinates[key(keys[row]) * stride + input], origin, input)
      }
    }
    return scales
  }

  /// Reduces a column, if those before it do not determine it.
  private func eliminate(_ place: Int) -> Bool {
    guard place < rowCount else { return false }
    let start = place * rowCount
    let size = norm(design[start..<start + rowCount])
    let limits = (0..<rowCount).map {
      Self.tolerance * (design[start + $0].magnitude + rootWeights[$0] * size)
    }
    for index in 0..<place { reflect(&design, from: start, by: index) }
    var pivot = place
    var isDetermined = false
    for row in place..<rowCount {
      // What rounding leaves of a heavy row can exceed all of a light one, and says nothing.
      if design[start + row].magnitude <= limits[row] { design[start + row] = 0 }
      if design[start + row] != 0 { isDetermined = true }
      if design[start + row].magnitude > design[start + pivot].magnitude { pivot = row }
    }
    guard isDetermined else { return false }
    exchange(place, pivot)
    let diagonal = design[start + place]
    let remainder = norm(design[start + place..<start + rowCount])
    let reduced = diagonal > 0 ? -remainder : remainder
    var vector = [Double](repeating: 0, count: rowCount)
    vector[place] = 1
    for row in place + 1..<max(rowCount, place + 1) {
      vector[row] = design[start + row] / (diagonal - reduced)
    }
    design[start + place] = reduced
    reflections.append(Reflection(factor: (reduced - diagonal) / reduced, vector: vector))
    return true
  }

  /// Exchanges two rows in all that is held by row.
  private func exchange(_ first: Int, _ second: Int) {
    guard first != second else { return }
    keys.swapAt(first, second)
    rootWeights.swapAt(first, second)
    for place in 0..<monomials.count {
      design.swapAt(place * rowCount + first, place * rowCount + second)
    }
    for column in targets.indices { targets[column].swapAt(first, second) }
    for index in reflections.indices { reflections[index].vector.swapAt(first, second) }
  }

  /// Applies reflection `index` to the rows that start at a place of an array.
  private func reflect(_ array: inout [Double], from start: Int, by index: Int) {
    let reflection = reflections[index]
    var product = 0.0
    for row in index..<rowCount { product += reflection.vector[row] * array[start + row] }
    product *= reflection.factor
    for row in index..<rowCount { array[start + row] -= product * reflection.vector[row] }
  }

  private func norm(_ numbers: ArraySlice<Double>) -> Double {
    let largest = numbers.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else { return 0 }
    return largest * .sqrt(numbers.reduce(0) { $0 + ($1 / largest) * ($1 / largest) })
  }

  private func evaluate(at query: ArraySlice<Double>, about origin: Int, scales: [Double]) {
    let count = reflections.count
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
    func element(_ row: Int, _ column: Int) -> Double { design[column * rowCount + row] }
    response = powers
    for row in 0..<count {
      for before in 0..<row { response[row] -= element(before, row) * response[before] }
      response[row] /= element(row, row)
    }
    inverse = response.reduce(0) { $0 + $1 * $1 }
    for column in targets.indices {
      for index in 0..<count { reflect(&targets[column], from: 0, by: index) }
      var coefficients = Array(targets[column][..<count])
      for row in (0..<count).reversed() {
        for after in row + 1..<max(count, row + 1) {
          coefficients[row] -= element(row, after) * coefficients[after]
        }
        coefficients[row] /= element(row, row)
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
