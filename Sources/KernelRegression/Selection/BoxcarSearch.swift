internal import RealModule
internal import SimilarityKernels

/// A search over the bandwidths of one input under the boxcar, whose criterion is a step function.
///
/// With at most a million pairs of keys every step is examined (``BoxcarSteps``). With more, or with an
/// estimator other than Nadaraya–Watson, only the steps on a grid are, and the result says so.
struct BoxcarSearch {
  private let criterion: CriterionSearch
  private let sorted: [Double]
  private let range: ClosedRange<Double>
  private let progress: (@Sendable (Double) -> Void)?

  /// The largest number of pairs of keys whose distances are visited one by one.
  private static let pairLimit = 1_000_000

  /// The largest number of minima listed.
  private static let listed = 1_000

  private static let gridCount = 1_000

  init(
    _ criterion: CriterionSearch, range: ClosedRange<Double>,
    progress: (@Sendable (Double) -> Void)?
  ) {
    self.criterion = criterion
    sorted = criterion.table.keys.coordinates.sorted()
    self.range = range
    self.progress = progress
  }

  /// Whether every step is examined for this many rows.
  static func seesEveryStep(rows: Int) -> Bool { rows * (rows - 1) / 2 <= pairLimit }

  /// The minima among all steps, or nil if the criterion exists nowhere.
  ///
  /// - Parameter predictions: the policy's predictions at rows that no other row supports.
  func everyStep(predictions: [[Double]]) -> BandwidthSelection? {
    var boxcar = BoxcarSteps(
      criterion.table, method: criterion.method, predictions: predictions)
    let steps = boxcar.steps()
    progress?(1)
    let curve = CriterionCurve(steps.indices.map { (Double($0), steps[$0].criterion) })
    let runs = curve.minima(noise: criterion.noise)
    let lowest = runs.sorted { steps[$0.lowerBound].criterion < steps[$1.lowerBound].criterion }
      .prefix(Self.listed).sorted { $0.lowerBound < $1.lowerBound }
    let firstFeasible = steps.firstIndex { $0.criterion < .infinity }
    let minima = lowest.map { run in
      minimum(
        from: steps[run.lowerBound].from, to: steps[run.upperBound - 1].to,
        criterion: steps[run.lowerBound].criterion,
        isFirst: run.lowerBound == firstFeasible)
    }
    return BandwidthSelection(criterion, minima: minima, minimumCount: runs.count)
  }

  /// The minima among the steps on a grid, or nil if the criterion exists at none of them.
  func sample() throws(KernelRegressionError) -> BandwidthSelection? {
    let grid = Bandwidths.path(
      from: range.lowerBound, to: range.upperBound, count: Self.gridCount)
    let (values, infeasible) = try criterion.along(grid.map { [$0] }) { progress?($0) }
    let curve = CriterionCurve(values.enumerated().map { (Double($0), $1) })
    let minima = curve.minima(noise: criterion.noise).map { run in
      minimum(
        from: step(around: grid[run.lowerBound]).lowerBound,
        to: step(around: grid[run.upperBound - 1]).upperBound,
        criterion: values[run.lowerBound], isFirst: run.lowerBound == 0)
    }
    return BandwidthSelection(
      criterion, minima: minima, infeasible: infeasible, isStepSample: true)
  }

  private func minimum(
    from: Double, to: Double, criterion value: Double, isFirst: Bool
  ) -> BandwidthSelection.Minimum {
    BandwidthSelection.Minimum(
      bandwidths: [to == .infinity ? 2 * from : from + (to - from) / 2],
      criterion: criterion.inUnitOfValues(value), stretch: from...to,
      ends: [to == .infinity ? .upper : isFirst ? .lower : nil], scaled: value)
  }

  /// The bandwidths that cover the same pairs of keys.
  ///
  /// - Complexity: O(n).
  private func step(around bandwidth: Double) -> ClosedRange<Double> {
    var from = Double.leastNormalMagnitude
    var next = Double.infinity
    var high = 0
    for low in sorted.indices {
      high = max(high, low + 1)
      while high < sorted.count,
        BandwidthRange.firstCovering(sorted[low], sorted[high]) <= bandwidth
      {
        high += 1
      }
      if high > low + 1 {
        from = max(from, BandwidthRange.firstCovering(sorted[low], sorted[high - 1]))
      }
      if high < sorted.count {
        next = min(next, BandwidthRange.firstCovering(sorted[low], sorted[high]))
      }
    }
    return from...(next == .infinity ? next : next.nextDown)
  }
}
