internal import RealModule
internal import SimilarityKernels

/// A search over log h: a grid, then polishing of its lowest minima.
final class BandwidthSearch {
  private var criterion: LeaveOneOutCriterion
  private let grid: BandwidthGrid
  private let progress: (@Sendable (Double) -> Void)?
  private var evaluations = 0

  init(
    criterion: LeaveOneOutCriterion, isStepFunction: Bool,
    progress: (@Sendable (Double) -> Void)?
  ) {
    self.criterion = criterion
    self.progress = progress
    grid = BandwidthGrid(keys: criterion.keys, isStepFunction: isStepFunction)
  }

  /// A place on the grid, x the logarithm of its factor.
  private typealias Point = (x: Double, value: Double)

  private static let polishedMinima = 3
  private static let tolerance = 1e-8

  func run() throws(KernelRegressionError) -> SelectedBandwidths {
    var points: [Point] = []
    for factor in grid.factors {
      points.append((.log(factor), try evaluate(grid.scales.map { $0 * factor })))
    }
    let step = points[1].x - points[0].x
    var best: (logBandwidths: [Double], value: Double) = ([], .infinity)
    for index in minima(of: points) {
      let polished = try brentMinimum(
        from: points[max(index - 1, 0)].x, to: points[min(index + 1, points.count - 1)].x,
        startingAt: points[index], tolerance: Self.tolerance
      ) { x throws(KernelRegressionError) in
        try evaluate(grid.scales.map { $0 * .exp(x) })
      }
      var logBandwidths = grid.scales.map { .log($0) + polished.x }
      var value = polished.value
      if grid.scales.count > 1 {
        value = try polishInTurn(&logBandwidths, from: value, step: step, rounds: 4)
      }
      if value < best.value { best = (logBandwidths, value) }
    }
    guard best.value < .infinity else {
      let limits = grid.scales.map { "\($0 * grid.factors[grid.factors.count - 1])" }
      throw KernelRegressionError(
        .noFeasibleBandwidth,
        "no bandwidth up to \(limits.joined(separator: ", ")) gives every row support when left out"
      )
    }
    if grid.scales.count > 1 {
      best.value = try polishInTurn(
        &best.logBandwidths, from: best.value, step: step / 4, rounds: 40)
    }
    progress?(1)
    return SelectedBandwidths(
      bandwidths: best.logBandwidths.map { .exp($0) },
      criterion: criterion.inUnitOfValues(best.value), evaluations: evaluations)
  }

  /// The grid's local minima, lowest first, as many as are worth polishing.
  private func minima(of points: [Point]) -> [Int] {
    let minima = points.indices.filter { index in
      let value = points[index].value
      return value.isFinite && (index == 0 || value <= points[index - 1].value)
        && (index == points.count - 1 || value < points[index + 1].value)
    }
    return Array(minima.sorted { points[$0].value < points[$1].value }.prefix(Self.polishedMinima))
  }

  /// One bandwidth at a time, in turn, until a whole round gains next to nothing.
  private func polishInTurn(
    _ logBandwidths: inout [Double], from start: Double, step: Double, rounds: Int
  ) throws(KernelRegressionError) -> Double {
    var value = start
    var reach = 8 * step
    for _ in 0..<rounds {
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
      // An input without bearing on the values has no best bandwidth, only ever larger ones.
      if before - value <= 1e-10 * before.magnitude { break }
      reach = max(min(reach, 4 * moved), 1e-6)
    }
    return value
  }

  private func evaluate(_ bandwidths: [Double]) throws(KernelRegressionError) -> Double {
    evaluations += 1
    // Polishing takes about as many evaluations again, for each input after the first as well.
    let expected = Double(grid.factors.count * (1 + 2 * (bandwidths.count - 1)) + 60)
    progress?(min(Double(evaluations) / expected, 0.99))
    guard bandwidths.allSatisfy(\.isNormal) else { return .infinity }
    return try criterion(bandwidths)
  }
}
