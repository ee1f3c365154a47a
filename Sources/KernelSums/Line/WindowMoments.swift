internal import SimilarityKernels
internal import _CKernelSums

/// The sums of moments about a query, for a window.
///
/// With u = (k − q)/h the kernel is Σᵢ cᵢ uⁱ inside its support, so
///
/// ```
/// Σ w uᵃ c = Σᵢ cᵢ m_(a + i),   m_b = Σ ω c uᵇ
/// ```
///
/// over the keys inside. The pieces of a window give m_b about their own anchors; these are shifted to
/// the query and added, separately left and right of it. Blocks at the edges are weighed key by key.
final class WindowMoments {
  let degree: Int

  /// A query's sums over the keys weighed one by one: Σw, Σw², then in the order of ``AnchoredSums``,
  /// absolute columns last; after these, their rounding errors.
  private let visited: UnsafeMutablePointer<Double>
  private let lost: UnsafeMutablePointer<Double>
  private let visitedCount: Int

  /// m_b left and right of the query, row after row.
  private let central: UnsafeMutablePointer<Double>
  private let rowCount: Int

  /// cᵢ left and right of the query, in separate memory: threads that share an array contend for its
  /// reference count.
  private let coefficients: UnsafeMutablePointer<Double>
  private let coefficientCount: Int

  private let triangle: UnsafeMutablePointer<Double>
  private let weights: UnsafeMutablePointer<Double>
  private let line: UnsafeMutablePointer<nadaraya_line>
  private let loops: nadaraya_near_loops
  private let results: UnsafeSums
  private let uncertain: MarkedSlots
  private let memory: [AlignedMemory]

  private static var rowLength: Int { Int(NADARAYA_POLYNOMIAL_STRIDE) }

  init(
    _ engine: PiecewiseEngine, results: UnsafeSums, uncertain: MarkedSlots,
    loops: nadaraya_near_loops
  ) {
    degree = engine.problem.degree
    self.results = results
    self.uncertain = uncertain
    self.loops = loops
    let blocks = engine.blocks
    rowCount = 1 + blocks.columnCount
    visitedCount = 2 + 2 * degree + blocks.columnCount * (degree + 1)
    memory = [
      AlignedMemory(count: 2 * visitedCount), AlignedMemory(count: 2 * rowCount * Self.rowLength),
      AlignedMemory(count: (Int(NADARAYA_GREATEST_DEGREE) + 1) * Self.rowLength),
      AlignedMemory(count: Int(NADARAYA_NEAR_CHUNK)), AlignedMemory(count: 2 * Self.rowLength),
    ]
    visited = memory[0].base
    lost = visited + visitedCount
    central = memory[1].base
    triangle = memory[2].base
    weights = memory[3].base
    for row in 0...Int(NADARAYA_GREATEST_DEGREE) {
      var binomial = 1.0
      for column in row..<Self.rowLength {
        triangle[row * Self.rowLength + column] = binomial
        binomial *= Double(column + 1) / Double(column + 1 - row)
      }
    }
    coefficients = memory[4].base
    let powers = engine.moments.polynomial.coefficients
    coefficientCount = powers.count
    for (power, coefficient) in powers.enumerated() {
      coefficients[power] = power % 2 == 0 ? coefficient : -coefficient
      coefficients[Self.rowLength + power] = coefficient
    }
    let description = blocks.description
    line = .allocate(capacity: 1)
    line.initialize(
      to: nadaraya_line(
        keys: description.keys, observation_weights: description.observation_weights,
        column_count: blocks.columnCount, columns: description.columns,
        sign_masks: description.sign_masks, inverse_bandwidth: description.inverse_bandwidth,
        degree: degree))
  }

  deinit { line.deallocate() }

  /// Clears the sums of the last query.
  func start() {
    visited.update(repeating: 0, count: 2 * visitedCount)
    central.update(repeating: 0, count: 2 * rowCount * Self.rowLength)
  }

  /// Adds some keys one by one.
  func visit(_ keys: Range<Int>, _ query: Double, _ own: Int, squares: Bool, _ pass: WindowPass) {
    for start in stride(from: keys.lowerBound, to: keys.upperBound, by: Int(NADARAYA_NEAR_CHUNK)) {
      let count = min(Int(NADARAYA_NEAR_CHUNK), keys.upperBound - start)
      pass.weigh(query, start, count, into: weights)
      if own >= start && own < start + count { weights[own - start] = 0 }
      loops.weighted(line, query, start, count, squares ? 1 : 0, weights, visited, lost)
    }
  }

  /// Adds a piece from its moments about an anchor.
  func add(_ rows: UnsafePointer<Double>, degree: Int, x: Double, rightOfQuery: Bool) {
    let side = rightOfQuery ? rowCount * Self.rowLength : 0
    loops.shift_moments(triangle, degree, x, rows, rowCount, central + side)
  }

  /// Σ w uᵃ of a row; row 0 is that of weights.
  func sum(_ row: Int, _ power: Int) -> Double {
    let place =
      row > 0
      ? 2 + 2 * degree + (row - 1) * (degree + 1) + power : power == 0 ? 0 : 1 + power
    var sum = visited[place] + lost[place]
    for side in 0...1 {
      let moments = central + (side * rowCount + row) * Self.rowLength + power
      let coefficients = coefficients + side * Self.rowLength
      for index in 0..<coefficientCount { sum += coefficients[index] * moments[index] }
    }
    return sum
  }

  /// Σw² of the keys weighed one by one.
  var square: Double { visited[1] + lost[1] }

  /// Writes the sums of a query from all keys that can lie in its window, one by one.
  func rescue(_ pass: WindowPass, query: Double, own: Int, into slot: Int) {
    let length = pass.blockLength
    let keys =
      max(pass.inside.lowerBound - 1, 0)
      * length..<min((pass.inside.upperBound + 1) * length, pass.blocks.sorted.count)
    let squares = pass.squaredMoments != nil
    start()
    visit(keys, query, own, squares: squares, pass)
    // Tiny weights need an anchor, and must be distinguished from an empty window.
    guard sum(0, 0) >= DirectEngine.anchoringThreshold else { return uncertain.add(slot) }
    results.logAnchors[slot] = pass.blocks.sorted.logObservationScale
    results.weights[slot] = sum(0, 0)
    results.squaredWeights[slot] = squares ? square : .nan
    for power in 1...2 * degree { results.column(power - 1)[slot] = sum(0, power) }
    for column in 0..<pass.engine.sorted.columnCount {
      for power in 0...degree {
        results.column(2 * degree + column * (degree + 1) + power)[slot] = sum(1 + column, power)
      }
    }
  }
}
