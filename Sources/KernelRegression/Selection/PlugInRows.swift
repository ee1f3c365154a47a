internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// The sorted keys of a plug-in bandwidth, each with the number of rows that share it.
struct PlugInRows {
  /// The key of every row, ascending from 0 to 1.
  let places: [Double]

  /// The different keys.
  private let keys: [Double]

  /// Where the rows of each key start, and the number of rows at the end.
  private let starts: [Int]

  init(ascending places: [Double]) {
    self.places = places
    var starts = places.indices.filter { $0 == 0 || places[$0] != places[$0 - 1] }
    keys = starts.map { places[$0] }
    starts.append(places.count)
    self.starts = starts
  }

  /// The number of rows.
  var count: Int { places.count }

  private var areDistinct: Bool { keys.count == places.count }

  /// The number of rows of a key.
  private func multiplicity(_ key: Int) -> Double { Double(starts[key + 1] - starts[key]) }

  /// The mean of the values at each key, and the sum of their squared distances from it.
  func grouped(_ values: [Double]) -> (means: [Double], within: Double) {
    guard !areDistinct else { return (values, 0) }
    var within = 0.0
    let means = keys.indices.map { key in
      let rows = values[starts[key]..<starts[key + 1]]
      let mean = rows.reduce(0, +) / multiplicity(key)
      within += rows.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return mean
    }
    return (means, within)
  }

  private func smoother(
    _ means: [Double], bandwidth: Double, degree: Int, _ execution: Execution
  ) throws(KernelRegressionError) -> KernelSmoother {
    try KernelSmoother(
      Sample(
        checked: Points(keys), [means], areDistinct ? nil : keys.indices.map { multiplicity($0) }),
      Similarity(bandwidths: [bandwidth]), degree: degree, computation: Computation(execution))
  }

  /// The sum over the rows in the inner nine tenths of the squared second derivative of local cubics;
  /// nil if keys do not determine one of them.
  func curvature(
    _ means: [Double], bandwidth: Double, _ execution: Execution
  ) throws(KernelRegressionError) -> Double? {
    let cubics = try smoother(means, bandwidth: bandwidth, degree: 3, execution)
    let inner = keys.indices.filter { keys[$0] >= 0.05 && keys[$0] <= 0.95 }
    guard let first = inner.first else { return 0 }
    let queries = Points(Array(keys[first..<first + inner.count]))
    var seconds = [Double](repeating: .nan, count: inner.count)
    seconds.withUnsafeMutableBufferPointer { seconds in
      nonisolated(unsafe) let seconds = seconds
      let scale = 2 / (bandwidth * bandwidth)
      let left = cubics.forEachMomentFit(at: queries) { place, fit, _ in
        seconds[place] = scale * fit.coefficients[2]
      }
      execution.forEachBlock(of: left.count, atMost: 1, scratch: { () }) { block, _ in
        for place in left[block] {
          seconds[place] =
            secondDerivative(
              at: queries.coordinates[place], means, bandwidth: bandwidth) ?? .nan
        }
      }
    }
    try execution.checkCancellation()
    var sum = 0.0
    for (place, second) in seconds.enumerated() {
      sum += multiplicity(first + place) * second * second
    }
    return sum.isNaN ? nil : sum
  }

  /// The second derivative of a local cubic from the keys in reach; nil if they do not determine it.
  private func secondDerivative(
    at place: Double, _ means: [Double], bandwidth: Double
  ) -> Double? {
    var solver = LeastSquares(degree: 3)
    for key in keys.indices {
      let u = (keys[key] - place) / bandwidth
      let weight = Double.exp(-0.5 * u * u)
      if weight > 1e-200 {
        solver.add(u, weight: multiplicity(key) * weight, value: means[key])
      }
    }
    return solver.coefficients().map { 2 * $0[2] / (bandwidth * bandwidth) }
  }

  /// Σ(v̄ − v̂)² over the rows, of local lines, and its degrees of freedom n − 2 tr(H) + tr(HHᵀ).
  func residuals(
    _ means: [Double], bandwidth: Double, _ execution: Execution
  ) throws(KernelRegressionError) -> (squares: Double, freedom: Double) {
    let lines = try smoother(means, bandwidth: bandwidth, degree: 1, execution)
    var rows = [LineRow](repeating: LineRow(), count: keys.count)
    let left = rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      let left = lines.forEachMomentFit(at: lines.keys) { key, fit, logAnchor in
        let estimate = fit.coefficients[0]
        let scale = Double.exp(-logAnchor)
        let solution = fit.inverseColumn()
        rows[key] = LineRow(
          estimate: estimate, constant: scale * solution[0], slope: scale * solution[1])
      }
      return left
    }
    try execution.checkCancellation()
    try addSquares(to: &rows, bandwidth: bandwidth, means, execution)
    addCareful(left, of: lines, to: &rows)
    try execution.checkCancellation()
    var (squares, freedom) = (0.0, 0.0)
    for (key, row) in rows.enumerated() {
      let residual = means[key] - row.estimate
      squares += multiplicity(key) * residual * residual
      freedom += multiplicity(key) * (1 - 2 * row.constant + row.square)
    }
    return (squares, freedom)
  }

  /// Finds Σℓ² by the moments of the squared Gaussian.
  private func addSquares(
    to rows: inout [LineRow], bandwidth: Double, _ means: [Double], _ execution: Execution
  ) throws(KernelRegressionError) {
    let squares = try smoother(means, bandwidth: bandwidth / .sqrt(2), degree: 1, execution)
    for (run, execution) in squares.runs(of: squares.keys) {
      let sums = squares.engine.sums(
        at: squares.keys, in: run, omission: .none, squares: false, execution: execution)
      sums.withUnsafeSums { sums in
        for slot in 0..<run.count {
          // The u of the narrower Gaussian is √2 times as large.
          let first = sums.column(0)[slot] / .sqrt(2)
          let second = sums.column(1)[slot] / 2
          let row = rows[run.lowerBound + slot]
          let form =
            row.constant * row.constant * sums.weights[slot]
            + 2 * row.constant * row.slope * first + row.slope * row.slope * second
          rows[run.lowerBound + slot].square = .exp(sums.logAnchors[slot]) * form
        }
      }
    }
  }

  /// Finds estimates and weights at some keys from all keys in reach.
  private func addCareful(_ left: [Int], of lines: KernelSmoother, to rows: inout [LineRow]) {
    guard !left.isEmpty else { return }
    let means = lines.values[0]
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      lines.forEachSmootherRow(
        at: lines.keys.selecting(left), execution: lines.execution
      ) { place, weights in
        var row = LineRow()
        for (key, weight) in weights {
          // The weight of a key is that of its rows together.
          let single = weight / multiplicity(key)
          row.estimate += weight * means[key]
          row.square += weight * single
          if key == left[place] { row.constant = single }
        }
        rows[left[place]] = row
      }
    }
  }
}

/// The local line at a key.
private struct LineRow {
  var estimate = 0.0
  /// x₀, the weight of each row of the key itself.
  var constant = 0.0
  /// x₁.
  var slope = 0.0
  /// Σℓ² over all rows.
  var square = 0.0
}
