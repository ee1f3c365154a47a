internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// The estimates at some queries and the noise in them; NaN where there is no estimate, or where its
/// noise is unknown.
///
/// Threads may share it because each writes only to its own queries.
final class QueryNoise: Sendable {
  private let numbers: SharedNumbers
  private let columnCount: Int

  /// Whether any key supports a query.
  let isSupported: MarkedSlots

  init(columnCount: Int, queryCount: Int) {
    self.columnCount = columnCount
    numbers = SharedNumbers(columns: 4 * columnCount + 1, count: queryCount)
    isSupported = MarkedSlots(count: queryCount)
  }

  /// For a value column the estimate at a query.
  func estimate(_ column: Int, _ query: Int) -> Double { numbers[column, query] }

  /// For a value column the standard error at a query.
  func standardError(_ column: Int, _ query: Int) -> Double { numbers[columnCount + column, query] }

  /// For a value column the standard deviation of the noise at a query, including what leverage hides.
  func noise(_ column: Int, _ query: Int) -> Double { numbers[2 * columnCount + column, query] }

  /// The same with an allowance for the remaining bias.
  func deviation(_ column: Int, _ query: Int) -> Double { numbers[3 * columnCount + column, query] }

  /// The degrees of freedom of Student's distribution at a query.
  func freedom(_ query: Int) -> Double { numbers[4 * columnCount, query] }

  func take(estimate: Double, _ column: Int, _ query: Int) { numbers[column, query] = estimate }

  func take(_ noise: RowVariances.Estimate, deviations: [Double], _ query: Int) {
    for column in 0..<columnCount {
      numbers[columnCount + column, query] = noise.standardErrors[column]
      numbers[2 * columnCount + column, query] = noise.deviations[column]
      numbers[3 * columnCount + column, query] = deviations[column]
    }
    numbers[4 * columnCount, query] = noise.freedom
  }
}

/// The path of the rows ℓ/‖ℓ‖ from query to query, as far as sums give it.
///
/// Threads may share it because each writes only to its own queries.
private final class RowPath: Sendable {
  /// For each query ‖ℓ‖², Σℓℓ′ of it and the one before among those that are summed, and that query; NaN
  /// where its row is not summed.
  private let numbers: SharedNumbers

  init(queryCount: Int) { numbers = SharedNumbers(columns: 3, count: queryCount) }

  func take(_ row: SmootherSums.Row, after previous: Int, _ query: Int) {
    numbers[0, query] = row.square
    numbers[1, query] = row.product
    numbers[2, query] = Double(previous)
  }

  /// The angle between the rows of two queries, the first before the second.
  func angle(_ first: Int, _ second: Int) -> Double? {
    let (square, other) = (numbers[0, first], numbers[0, second])
    guard numbers[2, second] == Double(first), square > 0, other > 0 else { return nil }
    return .acos(min(max(numbers[1, second] / .sqrt(square) / .sqrt(other), -1), 1))
  }
}

extension KernelSmoother {
  /// The estimates at queries and the noise in them, and the length of the path of the rows ℓ/‖ℓ‖ of
  /// neighbouring queries in one input, if it is asked for.
  ///
  /// Everything is a sum over a row of the smoother or over products of neighbouring rows, and rows are
  /// weights times polynomials (see ``forEachSmootherRow(at:execution:body:)``): they are summed as they
  /// are formed, key by key, or for many queries under a Gaussian from moments (``RowMoments``). Whole
  /// rows serve where moments do not determine the polynomial, and under labels.
  ///
  /// - Complexity: that of the engine's sums, and O(N + p) for each key in reach of a query, for many
  ///   queries under a Gaussian in one input O(n + m); O(n + m) memory but for the queries that need whole
  ///   rows.
  func noise(
    at queries: Points, _ variances: RowVariances, measuresPath: Bool
  ) throws(KernelRegressionError) -> (noise: QueryNoise, pathLength: Double) {
    let noise = QueryNoise(columnCount: values.count, queryCount: queries.count)
    let order =
      queries.dimension == 1
      ? queries.indices.sorted { queries.coordinates[$0] < queries.coordinates[$1] }
      : Array(queries.indices)
    let ordered = queries.selecting(order)
    let path = measuresPath ? RowPath(queryCount: queries.count) : nil
    var left = Array(order.indices)
    if similarity.labels.isEmpty, neighbors == nil {
      left = try takeSums(at: ordered, order, variances, into: noise, path)
    }
    try execution.checkCancellation()
    try takeRows(of: left, among: ordered, order, variances, into: noise)
    guard let path else { return (noise, 0) }
    let isSupported = Set(noise.isSupported.slots)
    let places = order.indices.filter { isSupported.contains(order[$0]) }
    var length = 0.0
    var pairs: [(first: Int, second: Int)] = []
    for (first, second) in zip(places, places.dropFirst()) {
      if let angle = path.angle(first, second) {
        length += angle
      } else {
        pairs.append((first, second))
      }
    }
    return (noise, length + angles(of: pairs, among: ordered))
  }

  /// Takes what whole rows give; the parameters are those of ``takeSums``.
  private func takeRows(
    of places: [Int], among queries: Points, _ order: [Int], _ variances: RowVariances,
    into noise: QueryNoise
  ) throws(KernelRegressionError) {
    guard !places.isEmpty else { return }
    let isWhole = places.count == queries.count
    try forEachRowWithNext(
      at: queries.selecting(places), execution: isWhole ? execution : execution.unreported
    ) { place, row, step in
      guard !row.isEmpty else { return }
      let query = order[places[place]]
      noise.isSupported.add(query)
      for column in values.indices {
        noise.take(
          estimate: row.reduce(0) { $0 + $1.weight * values[column][$1.key] }, column, query)
      }
      guard let found = variances.estimate(row) else { return }
      noise.take(found, deviations: deviations(found, step: step, variances), query)
    }
    try execution.checkCancellation()
  }

  /// Takes what sums over rows give.
  ///
  /// - Parameters:
  ///   - queries: in an order in which neighbours are near each other.
  ///   - order: the place of each among the results.
  /// - Returns: the queries that need whole rows, ascending.
  private func takeSums(
    at queries: Points, _ order: [Int], _ variances: RowVariances, into noise: QueryNoise,
    _ path: RowPath?
  ) throws(KernelRegressionError) -> [Int] {
    let next = degree == 2 ? try ofDegree(3) : nil
    let factors = RowVariances.Factors(variances)
    // Where another engine was asked for or is faster, moments are not.
    let hasMoments = path == nil && engineChoice.name == CellTransform.name
    let moments =
      hasMoments
      ? RowMoments(problem, factors, queryCount: queries.count, execution: execution) : nil
    try execution.checkCancellation()
    func take(_ query: Int, _ row: SmootherSums.Row, _ step: SmootherSums.Row?) {
      let slot = order[query]
      noise.isSupported.add(slot)
      for column in values.indices {
        noise.take(
          estimate: row.columns[row.columns.startIndex + column] * valueScales[column], column, slot
        )
      }
      guard let found = variances.estimate(row, factors) else { return }
      guard let step else { return noise.take(found, deviations: found.deviations, slot) }
      let all = deviations(found, spread: variances.estimate(step, factors), variances) {
        column, scale in
        step.columns[step.columns.startIndex + column] * (valueScales[column] / scale)
      }
      noise.take(found, deviations: all, slot)
    }
    var left: [Int] = []
    for (run, execution) in runs(of: queries) {
      let first = smootherSolutions(at: queries, in: run, execution: execution)
      let second = next?.smootherSolutions(at: queries, in: run, execution: execution)
      try execution.checkCancellation()
      let isSummed = MarkedSlots(count: run.count)
      if let moments, let second {
        moments.forEachRow(at: queries, in: run, first, second, execution: execution) {
          slot, row, step in
          isSummed.add(slot)
          take(run.lowerBound + slot, row, step)
        }
        try execution.checkCancellation()
      }
      let polynomials = RowPolynomials(first, second, slots: isSummed.others)
      let summed = polynomials.slots.map { run.lowerBound + $0 }
      let sums = problem.sums(
        over: SmootherRows(
          at: queries.selecting(summed), degrees: (degree, next?.degree),
          coefficients: polynomials.coefficients, factors: factors.columns,
          shares: factors.shares, isPath: path != nil),
        execution: execution)
      try execution.checkCancellation()
      execution.unreported.forEachBlock(
        of: summed.count, atMost: 1024, scratch: { () },
        body: { block, _ in
          for place in block {
            let (query, row) = (summed[place], sums.row(place))
            // That a row sums to 1 is one of the equations that its polynomial solves.
            guard (row.sum - 1).magnitude <= Self.rowRounding else { continue }
            isSummed.add(query - run.lowerBound)
            path?.take(row, after: place > 0 ? summed[place - 1] : -1, query)
            take(query, row, next == nil ? nil : sums.secondRow(place))
          }
        })
      left += isSummed.others.map { run.lowerBound + $0 }
    }
    return left
  }

  /// Rounding leaves this much of Σℓ, and errors of the moments times what the normal equations magnify
  /// them by.
  private static var rowRounding: Double { 1e-9 }

  /// The sum of the angles between the rows of pairs of queries, from whole rows.
  private func angles(of pairs: [(first: Int, second: Int)], among queries: Points) -> Double {
    let places = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
    let predecessors = Dictionary(uniqueKeysWithValues: pairs.map { ($0.second, $0.first) })
    var last: (place: Int, row: [(key: Int, weight: Double)]) = (-1, [])
    var length = 0.0
    // Whole rows take memory, so only a few are kept at a time.
    for start in stride(from: 0, to: places.count, by: 32) where !execution.isStopped {
      let part = places[start..<min(start + 32, places.count)]
      var rows = [[(key: Int, weight: Double)]](repeating: [], count: part.count)
      rows.withUnsafeMutableBufferPointer { rows in
        nonisolated(unsafe) let rows = rows
        forEachSmootherRow(
          at: queries.selecting(Array(part)), execution: execution.unreported
        ) { query, row in
          rows[query] = row.filter { $0.weight != 0 }
        }
      }
      for (place, row) in zip(part, rows) where !row.isEmpty {
        if predecessors[place] == last.place { length += Self.angle(last.row, row) }
        last = (place, row)
      }
    }
    return length
  }

  private static func angle(
    _ first: [(key: Int, weight: Double)], _ second: [(key: Int, weight: Double)]
  ) -> Double {
    let other = Dictionary(uniqueKeysWithValues: second.map { ($0.key, $0.weight) })
    func length(_ row: [(key: Int, weight: Double)]) -> Double {
      .sqrt(row.reduce(0) { $0 + $1.weight * $1.weight })
    }
    let product = first.reduce(0) { $0 + $1.weight * (other[$1.key] ?? 0) }
    return .acos(min(max(product / length(first) / length(second), -1), 1))
  }
}

/// The polynomials of some queries: those of the row and, where the next degree is asked too, of what it
/// adds.
private struct RowPolynomials {
  /// The queries of which moments determine all polynomials.
  private(set) var slots: [Int] = []
  private(set) var coefficients: [Double] = []

  /// - Parameter slots: the queries to look at.
  init(_ first: SmootherSolutions, _ second: SmootherSolutions?, slots: [Int]) {
    let count = max(first.weights.count, 1)
    let width = first.numbers.count / count
    let wide = (second?.numbers.count ?? 0) / count
    for slot in slots {
      let low = first.numbers[slot * width..<(slot + 1) * width]
      let high = second?.numbers[slot * wide..<(slot + 1) * wide] ?? []
      guard low.allSatisfy(\.isFinite), high.allSatisfy(\.isFinite) else { continue }
      let row = low.map { $0 / first.weights[slot] }
      self.slots.append(slot)
      coefficients += row
      // The monomials of a lower degree come first.
      coefficients += high.enumerated().map { place, number in
        number / (second?.weights[slot] ?? 1) - (place < width ? row[place] : 0)
      }
    }
  }
}
