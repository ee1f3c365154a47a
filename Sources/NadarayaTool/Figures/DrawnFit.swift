import Nadaraya
import NadarayaFigures
import Tables
import Wording

/// Estimates at a plot's queries with the intervals that go with them.
struct DrawnFit {
  let queries: Points
  let estimates: [[Double]]
  let intervals: Intervals?
  let request: IntervalOptions.Request?
  /// The queries whose estimates are extrapolated and drawn, for each value column.
  let extrapolated: [Set<Int>]

  func curve(_ value: Int, over input: Int, at places: [Int]) -> Panel.Curve {
    let column = queries.column(input)
    return Panel.Curve(
      x: places.map { column[$0] }, y: places.map { estimates[value][$0] },
      isExtrapolated: places.map(extrapolated[value].contains))
  }

  func interval(_ value: Int, at places: [Int]) -> Panel.Interval? {
    guard let intervals, let request, isDrawn else { return nil }
    return Panel.Interval(
      lower: places.map { intervals.lower[value][$0] },
      upper: places.map { intervals.upper[value][$0] }, label: request.name,
      centre: hasOwnCentres
        ? places.map { hasEnds(value, $0) ? intervals.estimates[value][$0] : .nan } : nil,
      centreLabel: request.centreName)
  }

  /// The name of the intervals, where any is drawn.
  var intervalName: String? { isDrawn ? request?.name : nil }

  private func hasEnds(_ value: Int, _ place: Int) -> Bool {
    intervals.map { $0.lower[value][place].isFinite && $0.upper[value][place].isFinite } ?? false
  }

  /// Whether any interval has ends.
  private var isDrawn: Bool {
    estimates.indices.contains { value in queries.indices.contains { hasEnds(value, $0) } }
  }

  /// Whether intervals are centred on more than the estimates, but for rounding.
  private var hasOwnCentres: Bool {
    guard let intervals else { return false }
    return zip(intervals.estimates, estimates).contains { centres, estimates in
      let largest = estimates.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
      return zip(centres, estimates).contains { abs($0 - $1) > 1e-9 * largest }
    }
  }

  /// The vertical axis of a value column, the same in all its panels, and whether it cuts intervals.
  func axis(of value: Int, named name: String, values: [Double]) -> (axis: Axis, isCut: Bool) {
    let (limits, areCut) = Axis.limits(
      holding: [values, estimates[value]],
      surroundings: intervals.map { [$0.lower[value], $0.upper[value]] } ?? [])
    if let constant = limitsOfConstant(values) {
      return (Axis(label: name, limits: constant), areCut)
    }
    return (Axis(label: name, limits: limits), areCut)
  }

  /// What a caption tells of the intervals.
  ///
  /// - Parameter areCut: whether some reach beyond the axis.
  func sentences(areCut: Bool) -> [String] {
    let dashed =
      extrapolated.contains { !$0.isEmpty } ? ["The fit is dashed where it extrapolates."] : []
    guard intervals != nil, let request else { return dashed }
    let missing = queries.indices.count { place in
      estimates.indices.contains { value in
        estimates[value][place].isFinite && !hasEnds(value, place)
      }
    }
    return dashed + (isDrawn ? [request.sentence(haveOwnCentres: hasOwnCentres)] : [])
      + (missing > 0
        ? ["There is no finite interval at \(missing) of \(counted(queries.count, "place"))."] : [])
      + (areCut ? ["Intervals reach beyond the axis."] : [])
  }
}

/// Limits that do not magnify the rounding errors of equal values.
private func limitsOfConstant(_ values: [Double]) -> ClosedRange<Double>? {
  guard let least = values.min(), let greatest = values.max(),
    greatest - least <= 1e-12 * max(least.magnitude, greatest.magnitude)
  else { return nil }
  let margin = max(0.1 * least.magnitude, least == 0 ? 1 : .leastNormalMagnitude)
  let limit = Double.greatestFiniteMagnitude
  return max(least - margin, -limit)...min(greatest + margin, limit)
}

extension Run {
  /// The estimates at all queries, or at the rows left out, and the intervals that are asked for.
  ///
  /// - Parameter groups: the queries that a band holds at once: those of one curve.
  func drawnFit(
    _ request: IntervalOptions.Request?, groups: [[Int]], consequence: String
  ) throws -> DrawnFit {
    defer { bar.finish() }
    let parts = try partialPredictions()
    let predictions = Predictions(joining: parts)
    let intervals = held(
      try request.map { try self.intervals($0, groups: groups) }, predictions)
    bar.finish()
    warn(of: predictions, intervals, consequence: consequence)
    return DrawnFit(
      queries: queries, estimates: predictions.estimates, intervals: intervals, request: request,
      extrapolated: parts.flatMap { part in
        part.estimates.map { estimates in
          Set(part.extrapolations.filter { estimates[$0].isFinite })
        }
      })
  }

  private func intervals(
    _ request: IntervalOptions.Request, groups: [[Int]]
  ) throws -> Intervals {
    guard case .band = request.kind, groups.count > 1 else {
      return try intervals(request, at: queries)
    }
    let blank = data.valueNames.map { _ in [Double](repeating: .nan, count: queries.count) }
    var (centres, lower, upper) = (blank, blank, blank)
    for group in groups where !group.isEmpty {
      let found = try intervals(request, at: queries.selecting(group))
      for value in blank.indices {
        for (place, query) in group.enumerated() {
          centres[value][query] = found.estimates[value][place]
          lower[value][query] = found.lower[value][place]
          upper[value][query] = found.upper[value][place]
        }
      }
    }
    return Intervals(level: request.level, estimates: centres, lower: lower, upper: upper)
  }
}
