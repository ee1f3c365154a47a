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
  /// Whether there are inputs of numbers, along which confidence intervals are corrected for bias.
  let hasNumbers: Bool
  /// The queries whose estimates are extrapolated and drawn.
  let extrapolated: Set<Int>

  func curve(_ value: Int, over input: Int, at places: [Int]) -> Panel.Curve {
    let column = queries.column(input)
    return Panel.Curve(
      x: places.map { column[$0] }, y: places.map { estimates[value][$0] },
      isExtrapolated: places.map(extrapolated.contains))
  }

  func interval(_ value: Int, at places: [Int]) -> Panel.Interval? {
    guard let intervals, let request else { return nil }
    return Panel.Interval(
      lower: places.map { intervals.lower[value][$0] },
      upper: places.map { intervals.upper[value][$0] }, label: request.name)
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
    let dashed = extrapolated.isEmpty ? [] : ["The fit is extrapolated where it is dashed."]
    guard let intervals, let request else { return dashed }
    let missing = queries.indices.count { place in
      estimates.indices.contains { value in
        estimates[value][place].isFinite
          && !(intervals.lower[value][place].isFinite && intervals.upper[value][place].isFinite)
      }
    }
    return dashed + [request.sentence(areCorrected: hasNumbers)]
      + (missing > 0
        ? ["There is no finite interval at \(missing) of \(counted(queries.count, "place"))."] : [])
      + (areCut ? ["Intervals reach beyond the axis."] : [])
  }
}

/// Limits that do not blow up the rounding of values that are all the same.
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
    let pooling = estimator.pooling
    let predictions =
      try omitsOwnKey
      ? pooling.leaveOneOut(diagnostics: false) : pooling.predict(queries, diagnostics: false)
    let intervals = held(
      try request.map { try self.intervals($0, groups: groups) }, predictions)
    bar.finish()
    warn(of: predictions, intervals, consequence: consequence)
    return DrawnFit(
      queries: queries, estimates: predictions.estimates, intervals: intervals, request: request,
      hasNumbers: !data.keyNames.isEmpty,
      extrapolated: Set(
        predictions.extrapolations.filter { predictions.estimates[0][$0].isFinite }))
  }

  /// Numbers of estimates that are kept, NaN at the others.
  func held(_ numbers: [Double], _ predictions: Predictions) -> [Double] {
    guard estimator.extrapolationPolicy != .keep else { return numbers }
    var numbers = numbers
    for query in predictions.extrapolations { numbers[query] = .nan }
    return numbers
  }

  /// The intervals of estimates that are kept.
  func held(_ intervals: Intervals?, _ predictions: Predictions) -> Intervals? {
    estimator.extrapolationPolicy == .keep
      ? intervals : intervals?.without(predictions.extrapolations)
  }

  private func intervals(
    _ request: IntervalOptions.Request, groups: [[Int]]
  ) throws -> Intervals {
    let polynomial = try polynomialWithIntervals()
    guard case .band = request.kind, groups.count > 1 else {
      return try request.intervals(of: polynomial, at: queries)
    }
    let blank = data.valueNames.map { _ in [Double](repeating: .nan, count: queries.count) }
    var (lower, upper) = (blank, blank)
    for group in groups where !group.isEmpty {
      let points = Points(
        rowMajor: group.flatMap { queries[$0] }, dimension: queries.dimension)
      let found = try request.intervals(of: polynomial, at: points)
      for value in blank.indices {
        for (place, query) in group.enumerated() {
          lower[value][query] = found.lower[value][place]
          upper[value][query] = found.upper[value][place]
        }
      }
    }
    return Intervals(standardErrors: nil, lower: lower, upper: upper)
  }
}
