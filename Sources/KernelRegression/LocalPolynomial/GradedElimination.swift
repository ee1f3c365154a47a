internal import RealModule

/// Rows of a least-squares problem, √w·(1, t, …) with weights that may differ by hundreds of powers of
/// ten, on their way to triangular form.
///
/// Columns are reduced one after the other by Householder reflections in graded order, the row with the
/// largest entry first: then what rounding does to a row is small against that row, be it light or
/// heavy. A remainder counts as 0 unless it exceeds ``tolerance`` times the terms that it was made of: the
/// row's own entry, and what each reflection took from it or added. A column of which nothing remains is
/// determined by those before it.
///
/// ## Source
/// A. J. Cox and N. J. Higham, Stability of Householder QR factorization for weighted least squares
/// problems, in Numerical Analysis 1997 (Longman, 1998).
struct GradedElimination {
  /// Less than this part of its terms is rounding: some hundred units in the last place.
  static var tolerance: Double { 1e-13 }

  /// √w of each row.
  private(set) var rootWeights: [Double]

  /// Which of the rows given stands at each place.
  private(set) var origins: [Int]

  /// Column by column; those that are reduced hold R above and on the diagonal.
  private var design: [Double]
  private var targets: [[Double]]
  private var reflections: [Reflection] = []

  /// I − τvvᵀ, v being 0 before its first row and 1 in it.
  private struct Reflection {
    let first: Int
    let factor: Double
    var vector: [Double]

    /// Adds the magnitudes of the terms that the reflection puts together, row by row.
    func addTerms(of column: ArraySlice<Double>, to terms: inout [Double]) {
      let start = column.startIndex
      var sum = 0.0
      for row in first..<vector.count { sum += (vector[row] * column[start + row]).magnitude }
      sum *= factor.magnitude
      for row in first..<vector.count { terms[row] += sum * vector[row].magnitude }
    }

    func apply(to array: inout [Double], from start: Int) {
      var product = 0.0
      for row in first..<vector.count { product += vector[row] * array[start + row] }
      product *= factor
      for row in first..<vector.count { array[start + row] -= product * vector[row] }
    }
  }

  /// - Parameters:
  ///   - rootWeights: √w of each row.
  ///   - design: √w·(1, t, …), column by column.
  ///   - targets: √w·v for each value column.
  init(rootWeights: [Double], design: [Double], targets: [[Double]]) {
    self.rootWeights = rootWeights
    self.design = design
    self.targets = targets
    origins = Array(rootWeights.indices)
  }

  /// The number of rows.
  var count: Int { rootWeights.count }

  var reflectionCount: Int { reflections.count }

  /// An element of R, once its column is reduced.
  func element(_ place: Int, _ column: Int) -> Double { design[column * count + place] }

  /// Qᵀv of a value column.
  func reducedTargets(_ column: Int) -> [Double] {
    var target = targets[column]
    for reflection in reflections { reflection.apply(to: &target, from: 0) }
    return target
  }

  /// Forgets all reflections but the first.
  mutating func keepReflections(_ count: Int) {
    reflections.removeLast(reflections.count - count)
  }

  /// Reduces a column, if those before it do not determine it.
  ///
  /// - Parameter place: the row that is to hold its diagonal: as many as there are reflections.
  mutating func eliminate(_ column: Int, at place: Int) -> Bool {
    let start = column * count
    var terms = design[start..<start + count].map(\.magnitude)
    for reflection in reflections[..<place] {
      reflection.addTerms(of: design[start..<start + count], to: &terms)
      reflection.apply(to: &design, from: start)
    }
    guard place < count else { return false }
    var pivot = place
    var isDetermined = false
    for row in place..<count {
      // What rounding leaves of a heavy row can exceed all of a light one, and says nothing.
      if design[start + row].magnitude <= Self.tolerance * terms[row] { design[start + row] = 0 }
      if design[start + row] != 0 { isDetermined = true }
      if design[start + row].magnitude > design[start + pivot].magnitude { pivot = row }
    }
    guard isDetermined else { return false }
    exchange(place, pivot)
    let diagonal = design[start + place]
    let remainder = norm(design[start + place..<start + count])
    let reduced = diagonal > 0 ? -remainder : remainder
    var vector = [Double](repeating: 0, count: count)
    vector[place] = 1
    for row in place + 1..<max(count, place + 1) {
      vector[row] = design[start + row] / (diagonal - reduced)
    }
    design[start + place] = reduced
    reflections.append(
      Reflection(first: place, factor: (reduced - diagonal) / reduced, vector: vector))
    return true
  }

  /// Exchanges two rows in all that is held by row.
  private mutating func exchange(_ first: Int, _ second: Int) {
    guard first != second else { return }
    origins.swapAt(first, second)
    rootWeights.swapAt(first, second)
    for start in stride(from: 0, to: design.count, by: count) {
      design.swapAt(start + first, start + second)
    }
    for column in targets.indices { targets[column].swapAt(first, second) }
    for index in reflections.indices { reflections[index].vector.swapAt(first, second) }
  }

  /// Applies reflection `index` to a vector with an element for each row.
  func reflect(_ vector: inout [Double], by index: Int) {
    reflections[index].apply(to: &vector, from: 0)
  }

  private func norm(_ numbers: ArraySlice<Double>) -> Double {
    let largest = numbers.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else { return 0 }
    return largest * .sqrt(numbers.reduce(0) { $0 + ($1 / largest) * ($1 / largest) })
  }
}
