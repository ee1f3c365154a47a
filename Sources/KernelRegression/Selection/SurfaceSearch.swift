internal import RealModule
internal import SimilarityKernels

// The least criterion over the bandwidths of several inputs.
//
// 1. Robustness. The criterion has several local minima, so descents begin at several places: at the
//    lowest minima of a grid over a common multiple of the inputs' widths, at low-discrepancy multiples
//    around the best of them, and with each input in turn as wide as possible. They are the same in every
//    run, and the outcome of each is kept.
// 2. Accuracy. Descents follow gradients (`Descent`) until the criterion is accurate to about 1e-10. The
//    end of each is rounded to be the same on every machine (`BandwidthRounding`).
// 3. Honesty. If an input does not affect the values, the criterion falls as long as its bandwidth grows.
//    Where a descent leaves an input wide, its upper bound is tried; if nothing is lost there, the bound
//    is the answer and is marked as a bound.
//
// 4. Cost. Of a large table the grid and the descents look at a sample of the rows (`RowSample`); only the ends
//    that chance alone may have made worse than the lowest are the starts of descents over all rows.
//
// A step function, as for the boxcar, has no gradient: its bandwidths are searched one at a time in turn.
// So are those of other compact kernels once more at the end, because their criterion has kinks.

/// A search over the bandwidths of several inputs.
struct SurfaceSearch {
  private let criterion: CriterionSearch
  private let inputs: [SearchInput]
  private let kernel: Kernel
  private let progress: (@Sendable (Double) -> Void)?

  /// The number of starts taken from the grid, and of those spread around its best.
  private static let (gridStarts, spreadStarts) = (3, 4)

  init(
    _ criterion: CriterionSearch, inputs: [SearchInput],
    progress: (@Sendable (Double) -> Void)?
  ) {
    self.criterion = criterion
    self.inputs = inputs
    kernel = criterion.kernel
    self.progress = progress
  }

  /// The minima where descents end, or nil if none began at a feasible place.
  func run() throws(KernelRegressionError) -> BandwidthSelection? {
    let multiples = multiples
    let grid = multiples.map { multiple in
      inputs.map { $0.bandwidth(at: $0.place(of: $0.unit * multiple)) }
    }
    var outcomes: [(start: [Double], end: Descent.Point)] = []
    var infeasible: [BandwidthSelection.Infeasible] = []
    if let sample = criterion.criterion.rowSample {
      var values: [Double] = []
      for bandwidths in grid {
        values.append(
          try criterion.estimated(
            by: sample, ofSize: sample.sizes[0], at: bandwidths, slopes: false
          ).value)
        progress?(0.1 * Double(values.count) / Double(grid.count))
      }
      let places = starts(from: zip(multiples, values).map { (.log($0), $1) })
      outcomes = try ends(of: places, by: sample)
    } else {
      var values: [Double] = []
      (values, infeasible) = try criterion.along(grid) { progress?(0.2 * $0) }
      let places = starts(from: zip(multiples, values).map { (.log($0), $1) })
      for place in places {
        outcomes.append((place, try descend(from: place)))
        progress?(0.2 + 0.75 * Double(outcomes.count) / Double(places.count))
      }
    }
    let minima = try minima(among: outcomes.map(\.end))
    progress?(1)
    return BandwidthSelection(
      criterion, minima: minima, infeasible: infeasible,
      starts: outcomes.map { outcome in
        BandwidthSelection.Start(
          from: bandwidths(at: outcome.start), bandwidths: bandwidths(at: outcome.end.place),
          criterion: criterion.inUnitOfValues(outcome.end.value))
      })
  }

  /// A descent over a sample.
  private struct RoughEnd {
    let start: [Double]
    let point: Descent.Point
    let inverse: [[Double]]?
    let estimate: RowSample.Estimate
  }

  /// The ends over all rows of descents that samples have led to where the criterion may be lowest.
  private func ends(
    of places: [[Double]], by sample: RowSample
  ) throws(KernelRegressionError) -> [(start: [Double], end: Descent.Point)] {
    var left: [(start: [Double], place: [Double], inverse: [[Double]]?)] =
      places.map { ($0, $0, nil) }
    for (level, size) in sample.sizes.enumerated() {
      var found: [RoughEnd] = []
      for candidate in left {
        let end = try descend(
          rough(sample, size), from: candidate.place, inverse: candidate.inverse)
        if level == 0 { progress?(0.1 + 0.3 * Double(found.count + 1) / Double(places.count)) }
        guard end.point.value < .infinity,
          !found.contains(where: { isSame($0.point, end.point) })
        else { continue }
        let estimate = try criterion.estimated(
          by: sample, ofSize: size, at: bandwidths(at: end.point.place), slopes: false)
        found.append(
          RoughEnd(
            start: candidate.start, point: end.point, inverse: end.inverse, estimate: estimate))
      }
      guard let lowest = found.min(by: { $0.point.value < $1.point.value }) else { return [] }
      left = found.filter { !sample.isCertainlyWorse($0.estimate, than: lowest.estimate) }
        .map { ($0.start, $0.point.place, $0.inverse) }
      progress?(0.4 + 0.2 * Double(level + 1) / Double(sample.sizes.count))
    }
    var outcomes: [(start: [Double], end: Descent.Point)] = []
    for candidate in left {
      var end = try descend(from: candidate.place, inverse: candidate.inverse)
      // The weights of some row outside the sample may all round to 0 there.
      if end.value == .infinity { end = try descend(from: candidate.start) }
      outcomes.append((candidate.start, try narrowed(end)))
      progress?(0.6 + 0.3 * Double(outcomes.count) / Double(left.count))
    }
    return outcomes
  }

  private func rough(_ sample: RowSample, _ size: Int) -> Descent {
    Descent(
      bounds: descent.bounds, isLogarithm: descent.isLogarithm, leastGain: 1e-6, leastStep: 1e-4,
      function: { place throws(KernelRegressionError) in
        try criterion.estimated(by: sample, ofSize: size, at: bandwidths(at: place), slopes: false)
          .value
      },
      sloped: { place throws(KernelRegressionError) in
        guard isSloped else { return nil }
        let found = try criterion.estimated(
          by: sample, ofSize: size, at: bandwidths(at: place), slopes: true)
        return (found.value, found.slopes)
      })
  }

  /// A lower place where an input matters after all, which a sample did not show.
  ///
  /// A criterion that falls from the bound inwards does so as 1/h²: four ranges of the keys show it.
  private func narrowed(_ found: Descent.Point) throws(KernelRegressionError) -> Descent.Point {
    var point = found
    for input in inputs.indices where inputs[input].isLogarithmic && isWide(point, input) {
      var near = point.place
      near[input] = inputs[input].place(of: 4e-6 * inputs[input].upper)
      let value = try value(at: near)
      guard value < point.value - 1e-9 * descent.scale(of: point.value) else { continue }
      let end = try descent.run(from: near)
      if end.value < point.value { point = end }
    }
    return point
  }

  /// Whether two descents have come to one place; where an input no longer matters, its bandwidth does not.
  private func isSame(_ one: Descent.Point, _ other: Descent.Point) -> Bool {
    inputs.indices.allSatisfy { input in
      isWide(one, input) && isWide(other, input)
        || (one.place[input] - other.place[input]).magnitude < 0.1
    }
  }

  /// Whether slopes along the logarithms of all bandwidths make sense.
  private var isSloped: Bool { inputs.allSatisfy(\.isLogarithmic) && kernel.isGaussian }

  /// From where nearly every key is alone to where every kernel is nearly constant.
  private var multiples: [Double] {
    let keys = criterion.table.keys
    let least = 0.25 * .pow(Double(keys.count), -1 / Double(keys.dimension))
    let spans = inputs.indices.map { input in
      guard inputs[input].isLogarithmic else { return 1.0 }
      let column = keys.column(input)
      return ((column.max() ?? 0) - (column.min() ?? 0)) / inputs[input].unit
    }
    let greatest = max(8 * (spans.max() ?? 1), 2 * least)
    let count = max(30, Int(.log(greatest / least) / 0.2))
    return Bandwidths.path(from: least, to: min(greatest, 1e9), count: count)
  }

  private func bandwidths(at place: [Double]) -> [Double] {
    zip(inputs, place).map { $0.bandwidth(at: $1) }
  }

  private func place(ofMultiples multiples: [Double]) -> [Double] {
    zip(inputs, multiples).map { $0.place(of: $0.unit * $1) }
  }

  private func starts(from grid: [CriterionCurve.Point]) -> [[Double]] {
    let minima = CriterionCurve(grid).minima(noise: criterion.noise)
      .map { grid[($0.lowerBound + $0.upperBound - 1) / 2] }
      .sorted { $0.value < $1.value }.prefix(Self.gridStarts)
    guard let best = minima.first else { return [] }
    let common = minima.map { minimum in
      place(ofMultiples: inputs.map { _ in .exp(minimum.x) })
    }
    let spread = (1...Self.spreadStarts).map { number in
      place(
        ofMultiples: inputs.indices.map { input in
          // From a fifth of the best common multiple to fifteen times it.
          .exp(best.x - 1.6 + 4.3 * lowDiscrepancy(number, input))
        })
    }
    let middle = place(ofMultiples: inputs.map { _ in .exp(best.x) })
    let without = inputs.indices.map { input in
      var place = middle
      place[input] = inputs[input].place(of: inputs[input].upper)
      return place
    }
    return common + spread + without
  }

  private func value(at place: [Double]) throws(KernelRegressionError) -> Double {
    try criterion.scaled(bandwidths(at: place))
  }

  private var descent: Descent {
    Descent(
      bounds: inputs.map { $0.place(of: $0.lower)...$0.place(of: $0.upper) },
      isLogarithm: criterion.method == .correctedAkaike,
      // Among kinks a descent would creep; the best of all is polished at the end. Where slopes are known, they
      // find the last digits.
      leastGain: kernel.support < .infinity
        ? 1e-6 : criterion.criterion.sloped == nil ? 1e-12 : 1e-9,
      leastStep: kernel.support < .infinity ? 1e-3 : 1e-9,
      function: { place throws(KernelRegressionError) in try value(at: place) },
      sloped: { place throws(KernelRegressionError) in
        isSloped ? try criterion.sloped(bandwidths(at: place)) : nil
      })
  }

  private func descend(
    from place: [Double], inverse: [[Double]]? = nil
  ) throws(KernelRegressionError) -> Descent.Point {
    guard !kernel.isBoxcar else {
      return try descent.inTurn(from: place, reach: 1, rounds: 20)
    }
    return try descend(descent, from: place, inverse: inverse).point
  }

  private func descend(
    _ descent: Descent, from place: [Double], inverse: [[Double]]?
  ) throws(KernelRegressionError) -> (point: Descent.Point, inverse: [[Double]]?) {
    var (point, inverse) = try descent.run(from: place, inverse: inverse)
    for input in inputs.indices where inputs[input].isLogarithmic {
      let bound = inputs[input].place(of: inputs[input].upper)
      // Five orders of magnitude below the bound the kernel still distinguishes the keys.
      guard point.value < .infinity, point.place[input] < bound, isWide(point, input) else {
        continue
      }
      var wide = point.place
      wide[input] = bound
      let atBound = try descent.function(wide)
      guard atBound <= point.value + 1e-9 * descent.scale(of: point.value) else { continue }
      (point, inverse) = try descent.run(from: wide, inverse: inverse)
    }
    return (point, inverse)
  }

  /// The same with each wide bandwidth at its bound if nothing is lost there: on a flat criterion only
  /// rounding decides where a descent ends.
  private func widened(_ point: Descent.Point) throws(KernelRegressionError) -> Descent.Point {
    var point = point
    for input in inputs.indices where inputs[input].isLogarithmic {
      var wide = point.place
      wide[input] = inputs[input].place(of: inputs[input].upper)
      guard point.place[input] < wide[input], isWide(point, input) else { continue }
      let atBound = try value(at: wide)
      if atBound <= point.value + 1e-9 * descent.scale(of: point.value) { point = (wide, atBound) }
    }
    return point
  }

  /// Whether an input's bandwidth exceeds the range of its keys.
  private func isWide(_ point: Descent.Point, _ input: Int) -> Bool {
    inputs[input].bandwidth(at: point.place[input]) > 1e-6 * inputs[input].upper
  }

  /// The different ends of descents, lowest first; the lowest polished.
  private func minima(
    among ends: [Descent.Point]
  ) throws(KernelRegressionError) -> [BandwidthSelection.Minimum] {
    var distinct: [Descent.Point] = []
    for end in ends.filter({ $0.value < .infinity }).sorted(by: { $0.value < $1.value }) {
      let isKnown = distinct.contains { known in
        zip(known.place, end.place).allSatisfy { ($0 - $1).magnitude < 0.01 }
      }
      if !isKnown { distinct.append(end) }
    }
    if kernel.support < .infinity, let best = distinct.first {
      distinct[0] = try descent.inTurn(
        from: try descent.lookedAround(from: best.place), reach: 0.05, rounds: 20)
    }
    var minima: [BandwidthSelection.Minimum] = []
    for point in distinct {
      let minimum = try rounded(try widened(point))
      if !minima.contains(where: { $0.bandwidths == minimum.bandwidths }) { minima.append(minimum) }
    }
    return minima.sorted { $0.scaled < $1.scaled }
  }

  private func rounded(
    _ point: Descent.Point
  ) throws(KernelRegressionError) -> BandwidthSelection.Minimum {
    let found = bandwidths(at: point.place)
    let ends = zip(inputs, found).map { input, bandwidth -> BandwidthSelection.RangeEnd? in
      bandwidth >= input.upper ? .upper : bandwidth <= input.lower ? .lower : nil
    }
    let rounded = try BandwidthRounding(criterion: criterion).rounded(
      found, value: point.value, inputs: inputs,
      fixed: Set(ends.indices.filter { ends[$0] != nil }))
    return BandwidthSelection.Minimum(
      bandwidths: rounded.bandwidths, criterion: criterion.inUnitOfValues(rounded.value),
      stretch: nil, ends: ends, scaled: rounded.value)
  }
}

/// Element `index` of the Halton sequence in one of its dimensions, between 0 and 1.
///
/// ## Source
/// J. H. Halton, On the efficiency of certain quasi-random sequences of points in evaluating
/// multi-dimensional integrals, Numerische Mathematik 2 (1960), doi:10.1007/BF01386213.
private func lowDiscrepancy(_ index: Int, _ dimension: Int) -> Double {
  let primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]
  let base = primes[dimension % primes.count]
  var (remaining, digit, result) = (index, 1.0, 0.0)
  while remaining > 0 {
    digit /= Double(base)
    result += digit * Double(remaining % base)
    remaining /= base
  }
  return result
}
