internal import RealModule
internal import SimilarityKernels

// Every local minimum of a criterion in one input.
//
// 1. Completeness. A criterion over log h has any number of local minima, and the lowest may be a narrow
//    one: minimisers that follow one slope, and coarse grids, may return another. So the whole curve is
//    examined, on a grid that is halved wherever a minimum is or may hide (`CriterionCurve`).
// 2. Accuracy. Each minimum is polished to 1e-8 in log h by Brent's method, which needs no derivative;
//    the criterion there errs by the square of that. The bandwidth is then rounded to be the same on
//    every machine (`BandwidthRounding`). A large table's criterion is interpolated for that if it is smooth
//    (`CriterionInterpolant`).
// 3. Cost. An evaluation is a pass of leave-one-out sums. A compact kernel's curve is uneven, because
//    keys enter windows one by one; it gets a finer grid, including its kinks if there are at most 2,000
//    (`CriterionKnots`); large tables, whose curves are smooth, get 200 places or fewer, and most of these are
//    judged by a sample of the rows (`CriterionSample`).
//
// Minima narrower than a grid step that leave no trace at its places are missed: no finite number of
// evaluations excludes them.

/// A search over the bandwidths of one input.
struct CurveSearch {
  private let criterion: CriterionSearch
  private let range: ClosedRange<Double>
  private let progress: (@Sendable (Double) -> Void)?

  /// The bandwidths at which the criterion has kinks, if they are examined one by one.
  private let knots: [Double]

  /// How often suspicious intervals are halved.
  private static let refinements = 4

  /// The error of a polished minimum in log h.
  private static let tolerance = 1e-8

  /// The distance, in log h, within which a polished minimum counts as lying at an end of the range.
  private static let closeness = 1e-6

  init(
    _ criterion: CriterionSearch, range: ClosedRange<Double>,
    progress: (@Sendable (Double) -> Void)?
  ) {
    self.criterion = criterion
    self.range = range
    self.progress = progress
    knots =
      criterion.table.keys.count > 20_000
      ? []
      : CriterionKnots.distances(
        criterion.table.keys.coordinates, kernel: criterion.kernel, in: range)
  }

  /// The places of the grid, even in log h.
  ///
  /// The curve of a large table under a smooth kernel has no features much narrower than 0.5 in log h, which
  /// is how fast a wave in the values is smoothed away as h grows; its places are 0.2 apart or less. Below
  /// eight usual gaps every second of them is enough: nothing but noise is left there, and an evaluation costs
  /// a hundred times the usual where most rows are many bandwidths from all others.
  private var grid: [Double] {
    let rows = criterion.table.keys.count
    let isCompact = criterion.kernel.support < .infinity
    let count =
      switch rows {
      case ...2_000: isCompact ? 1_000 : 250
      case ...20_000: isCompact ? 500 : 250
      default: isCompact ? 200 : 100
      }
    let path = Bandwidths.path(from: range.lowerBound, to: range.upperBound, count: count)
    guard rows > 20_000, !isCompact else {
      return knots.isEmpty
        ? path : Set(path + CriterionKnots.places(around: knots, in: range)).sorted()
    }
    return path.enumerated()
      .filter { $0.offset.isMultiple(of: 2) || $0.element > 32 * range.lowerBound }.map(\.element)
  }

  /// The local minima, or nil if the criterion exists nowhere.
  func run() throws(KernelRegressionError) -> BandwidthSelection? {
    let grid = grid
    var (curve, infeasible) = try curve(along: grid)
    try settle(&curve)
    for _ in 0..<Self.refinements {
      var found: [CriterionCurve.Point] = []
      for x in curve.suspects(noise: criterion.noise) { found.append((x, try value(x))) }
      if found.isEmpty { break }
      curve.insert(found)
      try settle(&curve)
    }
    progress?(0.9)
    var minima: [BandwidthSelection.Minimum] = []
    for run in curve.minima(noise: criterion.noise) {
      minima.append(try minimum(over: run, of: curve))
    }
    progress?(1)
    return BandwidthSelection(criterion, minima: minima, infeasible: infeasible)
  }

  /// The criterion along the grid; where windows are narrow, the estimate from a sample if that leaves no doubt.
  private func curve(
    along grid: [Double]
  ) throws(KernelRegressionError) -> (CriterionCurve, infeasible: [BandwidthSelection.Infeasible]) {
    func points(_ values: [Double]) -> [CriterionCurve.Point] {
      zip(grid, values).map { (.log($0), $1) }
    }
    func exactly(
      _ part: ArraySlice<Double>, shown: ClosedRange<Double>
    ) throws(KernelRegressionError) -> (
      values: [Double], infeasible: [BandwidthSelection.Infeasible]
    ) {
      try criterion.along(part.map { [$0] }) { share in
        progress?(shown.lowerBound + share * (shown.upperBound - shown.lowerBound))
      }
    }
    let sample = criterion.criterion.sample
    let narrow = grid.prefix { sample?.isWorthwhile(at: $0, ofFew: true) ?? false }
    let wide = grid[narrow.count...]
    guard let sample, !narrow.isEmpty else {
      let (values, infeasible) = try exactly(grid[...], shown: 0...0.8)
      return (CriterionCurve(points(values)), infeasible)
    }
    var (values, infeasible) = try exactly(wide, shown: 0...0.3)
    func errors(
      _ bandwidth: Double, _ isFew: Bool
    ) throws(KernelRegressionError) -> CriterionSample.Errors {
      try criterion.errors(of: sample, at: bandwidth, ofFew: isFew)
    }
    var few: [CriterionSample.Errors] = []
    for bandwidth in narrow {
      few.append(try errors(bandwidth, true))
      progress?(0.3 + 0.2 * Double(few.count) / Double(narrow.count))
    }
    // The lowest value known: of the wide windows, or where the sample's is.
    var best = zip(wide, values).min { $0.1 < $1.1 }
    if wide.isEmpty {
      let means = few.map { sample.mean($0) }
      let place = means.indices.min { means[$0] < means[$1] || means[$1].isNaN } ?? 0
      best = (narrow[place], try exactly(narrow[place...place], shown: 0.5...0.5).values[0])
    }
    guard let best, best.1 < .infinity, values.first ?? 0 < .infinity else {
      let others = try exactly(narrow, shown: 0.5...0.8)
      return (CriterionCurve(points(others.values + values)), others.infeasible + infeasible)
    }
    var lowest: [CriterionSample.Errors] = []
    var first: [CriterionSample.Errors] = []
    for isFew in [true, false] {
      lowest.append(try errors(best.0, isFew))
      if let edge = wide.first { first.append(try errors(edge, isFew)) }
    }
    // The lowest value, and the one evaluated last, whose rows err more like those of the next.
    var known = [(value: best.1, errors: lowest)]
    /// The estimate from some errors, if it is certainly more than the lowest value.
    func estimate(_ errors: CriterionSample.Errors, _ level: Int) -> Double? {
      let anchor = known.last { known in
        level < known.errors.count
          && sample.isCertain(errors, above: best.1, beside: known.errors[level], of: known.value)
      }
      guard let anchor else { return nil }
      let value = anchor.value + sample.difference(errors, anchor.errors[level])
      guard let edge = values.first else { return value }
      // Beside the first exact value, so that the curve does not jump there, but above the lowest.
      return max(edge + sample.difference(errors, first[level]), value)
    }
    var estimated: Set<Double> = []
    var found: [Double] = []
    for place in narrow.indices.reversed() {
      var value = estimate(few[place], 0)
      var samples = [few[place]]
      if value == nil, sample.isWorthwhile(at: narrow[place], ofFew: false) {
        samples.append(try errors(narrow[place], false))
        value = estimate(samples[1], 1)
      }
      if let value {
        found.append(value)
        estimated.insert(.log(narrow[place]))
      } else {
        let shown = 0.8 - 0.3 * Double(place) / Double(narrow.count)
        let exact = try exactly(narrow[place...place], shown: shown...shown)
        found += exact.values
        if exact.values[0] < .infinity { known = [known[0], (exact.values[0], samples)] }
        infeasible = exact.infeasible + infeasible
      }
    }
    return (CriterionCurve(points(found.reversed() + values), estimated: estimated), infeasible)
  }

  /// Evaluates estimates next to minima until there are none.
  private func settle(_ curve: inout CriterionCurve) throws(KernelRegressionError) {
    while true {
      let doubts = curve.doubts(noise: criterion.noise)
      if doubts.isEmpty { return }
      var values: [CriterionCurve.Point] = []
      for x in doubts { values.append((x, try value(x))) }
      curve.settle(values)
    }
  }

  private func value(_ x: Double) throws(KernelRegressionError) -> Double {
    try criterion.scaled([bandwidth(x)])
  }

  /// The bandwidth at x; the ends of the range exactly.
  private func bandwidth(_ x: Double) -> Double {
    if x <= .log(range.lowerBound) { return range.lowerBound }
    return x >= .log(range.upperBound) ? range.upperBound : .exp(x)
  }

  private func minimum(
    over run: Range<Int>, of curve: CriterionCurve
  ) throws(KernelRegressionError) -> BandwidthSelection.Minimum {
    let points = curve.points
    let (first, last) = (points[run.lowerBound], points[run.upperBound - 1])
    if run.count > 2 {
      let stretch = bandwidth(first.x)...bandwidth(last.x)
      let middle = BandwidthRounding.plainNumber(
        within: stretch, near: bandwidth((first.x + last.x) / 2))
      return minimum(
        middle, try criterion.scaled([middle]), stretch: stretch,
        end: run.upperBound == points.count ? .upper : run.lowerBound == 0 ? .lower : nil)
    }
    let left = points[max(run.lowerBound - 1, 0)]
    let right = points[min(run.upperBound, points.count - 1)]
    let lowest = first.value <= last.value ? first : last
    if let smooth = try smoothMinimum(from: left, to: right, near: lowest) { return smooth }
    let polished = try brentMinimum(
      from: left.x, to: right.x, startingAt: lowest,
      tolerance: Self.tolerance, of: { x throws(KernelRegressionError) in try value(x) })
    // If the curve falls up to an end, that end is the minimum, and is marked as an end.
    for (place, end) in [
      (points[0], BandwidthSelection.RangeEnd.lower), (points[points.count - 1], .upper),
    ]
    where (polished.x - place.x).magnitude < Self.closeness && place.value < .infinity {
      return minimum(bandwidth(place.x), place.value, stretch: nil, end: end)
    }
    let rounded = try BandwidthRounding(criterion: criterion).rounded(
      [bandwidth(polished.x)], value: polished.value,
      inputs: [input], fixed: [], knots: knots)
    guard left.value == .infinity else {
      return minimum(rounded.bandwidths[0], rounded.value, stretch: nil, end: nil)
    }
    let isAtEdge = try value(polished.x - Self.closeness) == .infinity
    return minimum(
      rounded.bandwidths[0], rounded.value, stretch: nil, end: isAtEdge ? .lower : nil)
  }

  private var input: SearchInput {
    SearchInput(lower: range.lowerBound, upper: range.upperBound, unit: 1, isLogarithmic: true)
  }

  /// The minimum between two places of a large table's curve, by an interpolant; nil if the curve is not smooth.
  private func smoothMinimum(
    from left: CriterionCurve.Point, to right: CriterionCurve.Point,
    near lowest: CriterionCurve.Point
  ) throws(KernelRegressionError) -> BandwidthSelection.Minimum? {
    guard criterion.table.keys.count >= CriterionSample.smallestTable,
      criterion.kernel.support == .infinity, left.x < lowest.x, lowest.x < right.x,
      left.value.isFinite, right.value.isFinite
    else { return nil }
    let (below, above) = (lowest.x - left.x, right.x - lowest.x)
    let (fall, rise) = (left.value - lowest.value, right.value - lowest.value)
    guard fall > 0, rise > 0 else { return nil }
    // The vertex of the parabola through the three points.
    var middle =
      lowest.x + (fall * above * above - rise * below * below) / (2 * (fall * above + rise * below))
    // Where that was too far off, the minimum of the first interpolant is the middle of the second.
    for _ in 0..<2 {
      let reach = CriterionInterpolant.reach
      guard middle - reach > .log(range.lowerBound), middle + reach < .log(range.upperBound),
        let interpolant = try CriterionInterpolant(
          around: middle, noise: criterion.noise,
          of: { x throws(KernelRegressionError) in try value(x) })
      else { return nil }
      let polished = try brentMinimum(
        from: max(left.x, middle - reach), to: min(right.x, middle + reach),
        startingAt: (middle, interpolant(middle)), tolerance: Self.tolerance,
        of: { x throws(KernelRegressionError) in interpolant(x) })
      guard (polished.x - middle).magnitude <= CriterionInterpolant.room else {
        middle = polished.x
        continue
      }
      let rounded = try BandwidthRounding(criterion: criterion).rounded(
        [bandwidth(polished.x)], value: polished.value, inputs: [input], fixed: [],
        interpolant: interpolant)
      return minimum(rounded.bandwidths[0], rounded.value, stretch: nil, end: nil)
    }
    return nil
  }

  private func minimum(
    _ bandwidth: Double, _ value: Double, stretch: ClosedRange<Double>?,
    end: BandwidthSelection.RangeEnd?
  ) -> BandwidthSelection.Minimum {
    BandwidthSelection.Minimum(
      bandwidths: [bandwidth], criterion: criterion.inUnitOfValues(value), stretch: stretch,
      ends: [end], scaled: value)
  }
}
