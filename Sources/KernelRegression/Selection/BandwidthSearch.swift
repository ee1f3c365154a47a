internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// A search over log h: a grid, then polishing.
final class BandwidthSearch {
  private let criterion: LeaveOneOutCriterion
  private let progress: (@Sendable (Double) -> Void)?
  private var evaluations = 0

  init(criterion: LeaveOneOutCriterion, progress: (@Sendable (Double) -> Void)?) {
    self.criterion = criterion
    self.progress = progress
  }

  private typealias Point = (x: Double, value: Double)

  private static let gridCount = 50
  private static let polishedMinima = 3
  private static let tolerance = 1e-8

  func run() throws(KernelRegressionError) -> SelectedBandwidths {
    let (scales, range) = start()
    var grid: [Point] = []
    for factor in bandwidthPath(
      from: range.lowerBound, to: range.upperBound, count: Self.gridCount)
    {
      grid.append((.log(factor), try evaluate(scales.map { $0 * factor })))
    }
    let step = grid[1].x - grid[0].x
    guard let lowest = grid.min(by: { $0.value < $1.value }), lowest.value.isFinite else {
      throw KernelRegressionError(
        .noFeasibleBandwidth,
        "no bandwidth up to \(range.upperBound * scales[0]) gives every row support when left out")
    }
    var best = lowest
    for index in minima(of: grid) {
      let polished = try brentMinimum(
        from: grid[max(index - 1, 0)].x, to: grid[min(index + 1, grid.count - 1)].x,
        startingAt: grid[index], tolerance: Self.tolerance
      ) { x throws(KernelRegressionError) in
        try evaluate(scales.map { $0 * .exp(x) })
      }
      if polished.value < best.value { best = polished }
    }
    var logBandwidths = scales.map { .log($0) + best.x }
    if scales.count > 1 {
      best.value = try polishInTurn(&logBandwidths, from: best.value, step: step)
    }
    progress?(1)
    return SelectedBandwidths(
      bandwidths: logBandwidths.map { .exp($0) }, criterion: best.value,
      evaluations: evaluations)
  }

  /// The unit of each input and the range of multiples of it that the grid covers.
  private func start() -> (scales: [Double], range: ClosedRange<Double>) {
    let keys = criterion.keys
    guard keys.dimension > 1 else {
      let sorted = keys.coordinates.sorted()
      let span = sorted[sorted.count - 1] - sorted[0]
      guard span > 0, span.isFinite else { return ([1], 0.5...1) }
      let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }.sorted()
      let usual = gaps[gaps.count / 2]
      return ([1], max(usual / 4, .leastNormalMagnitude)...max(2 * span, usual))
    }
    let scales = (0..<keys.dimension).map { input in
      let column = keys.column(input)
      let mean = column.reduce(0) { $0 + $1 / Double(column.count) }
      let deviation = Double.sqrt(
        column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / Double(column.count) })
      return deviation.isNormal ? deviation : 1
    }
    let spacing = Double.pow(Double(keys.count), -1 / Double(keys.dimension))
    return (scales, spacing / 4...8)
  }

  /// The grid's local minima, lowest first, as many as are worth polishing.
  private func minima(of grid: [Point]) -> [Int] {
    let minima = grid.indices.filter { index in
      let value = grid[index].value
      return value.isFinite && (index == 0 || value <= grid[index - 1].value)
        && (index == grid.count - 1 || value < grid[index + 1].value)
    }
    return Array(minima.sorted { grid[$0].value < grid[$1].value }.prefix(Self.polishedMinima))
  }

  /// One bandwidth at a time, in turn, until a whole round gains less than eight digits.
  private func polishInTurn(
    _ logBandwidths: inout [Double], from start: Double, step: Double
  ) throws(KernelRegressionError) -> Double {
    var value = start
    var reach = 8 * step
    for _ in 0..<40 {
      let before = value
      let old = logBandwidths
      for input in logBandwidths.indices {
        let polished = try brentMinimum(
          from: logBandwidths[input] - reach, to: logBandwidths[input] + reach,
          startingAt: (logBandwidths[input], value), tolerance: reach * 1e-3
        ) { x throws(KernelRegressionError) in
          var trial = logBandwidths
          trial[input] = x
          return try evaluate(trial.map { .exp($0) })
        }
        logBandwidths[input] = polished.x
        value = polished.value
      }
      let moved = zip(old, logBandwidths).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      if before - value <= 1e-12 * before.magnitude, moved < 1e-6 { break }
      reach = max(min(reach, 4 * moved), 1e-6)
    }
    return value
  }

  private func evaluate(_ bandwidths: [Double]) throws(KernelRegressionError) -> Double {
    evaluations += 1
    // Polishing takes about as many evaluations again, for each input after the first as well.
    let expected = Double(Self.gridCount * (1 + bandwidths.count))
    progress?(min(Double(evaluations) / expected, 0.99))
    return try criterion(bandwidths)
  }
}
