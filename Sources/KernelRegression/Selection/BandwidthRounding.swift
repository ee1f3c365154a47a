internal import RealModule

// The bandwidth that is reported and used is a short decimal number.
//
// Two processors, or two numbers of threads, sum in different orders, and their criteria differ in the last
// digits. The result of a search then differs in the eighth digit, since the criterion is flat there, and
// so would estimates. A minimum's place is therefore taken from slopes (`StationaryPoint`), which give
// about ten digits, and rounded to the digits that are determined, at most seven. Two results that are
// 1e-10 apart round to different numbers if a boundary lies between them, which happens once in some
// thousand tables of the worst kind and once in a hundred thousand of the usual kind.

/// Rounds a minimum of a criterion before it is reported.
struct BandwidthRounding {
  let criterion: CriterionSearch

  /// A digit is kept if one unit of it is at least this many times the effect of rounding.
  private static let caution = 20.0

  /// More digits mean nothing for a minimum as flat as 1 + x²: a unit of the last one changes the
  /// criterion by 1e-13.
  static let mostDigits = 7

  /// If the criterion has kinks, values on either side locate a minimum to this many digits.
  private static let kinkDigits = 6

  /// The most that rounding may add to the criterion, relative to it; a kink or a step may need more
  /// digits for this.
  private static let greatestLoss = 1e-9

  /// The nearest number with this many significant decimal digits.
  ///
  /// It is the double nearest to that decimal, so it prints with exactly those digits.
  static func rounded(_ bandwidth: Double, digits: Int) -> Double {
    neighbors(bandwidth, digits: digits).nearest
  }

  /// The numbers with this many significant digits on either side of a number.
  static func neighbors(
    _ bandwidth: Double, digits: Int
  ) -> (nearest: Double, below: Double, above: Double) {
    guard bandwidth > 0, bandwidth < .infinity else { return (bandwidth, bandwidth, bandwidth) }
    let exponent = Int(Double.log10(bandwidth).rounded(.down)) + 1 - digits
    // In two factors, each of which is a finite double for every bandwidth.
    let half = -exponent / 2
    let scaled = bandwidth * .pow(10, Double(half)) * .pow(10, Double(-exponent - half))
    func number(_ rounding: FloatingPointRoundingRule) -> Double {
      guard let count = Int64(exactly: scaled.rounded(rounding)) else { return bandwidth }
      return Double("\(count)e\(exponent)") ?? bandwidth
    }
    return (number(.toNearestOrEven), number(.down), number(.up))
  }

  /// The digits of a number whose relative error is known.
  static func digits(error: Double) -> Int {
    guard error > 0 else { return mostDigits }
    let known = -Double.log10(caution * error)
    return known.isFinite ? min(max(Int(known.rounded(.down)), 2), mostDigits) : mostDigits
  }

  /// A number in the middle of a stretch, with just enough digits to distinguish it from the ends.
  ///
  /// The ends of a flat stretch depend on rounding; such a number rarely does.
  static func plainNumber(within stretch: ClosedRange<Double>, near middle: Double) -> Double {
    let quarter = Double.log(stretch.upperBound / stretch.lowerBound) / 4
    for digits in 1..<mostDigits {
      let number = rounded(middle, digits: digits)
      if number > 0, Double.log(number / middle).magnitude <= quarter { return number }
    }
    return middle
  }

  /// The minimum near one that a search found, rounded.
  ///
  /// - Parameters:
  ///   - found: the bandwidths where a search ended, and the criterion there, in the unit of the table.
  ///   - inputs: how the bandwidths are searched.
  ///   - fixed: the inputs whose bandwidth is exact, such as the end of a range.
  ///   - knots: exact places of kinks, ascending; for a single input only.
  ///   - interpolant: a single input's criterion around the minimum, if known.
  func rounded(
    _ found: [Double], value: Double, inputs: [SearchInput], fixed: Set<Int>, knots: [Double] = [],
    interpolant: CriterionInterpolant? = nil
  ) throws(KernelRegressionError) -> (bandwidths: [Double], value: Double) {
    let free = found.indices.filter { !fixed.contains($0) }
    guard !free.isEmpty, value > -.infinity, value < .infinity else { return (found, value) }
    let noise = criterion.noise(at: value)
    let allowed = value + max(noise, Self.greatestLoss * criterion.scale(of: value))
    if let knot = Self.nearest(to: found[0], among: knots) {
      let atKnot = try criterion.scaled([knot])
      if atKnot <= value + noise { return ([knot], atKnot) }
    }
    if !hasKinksEverywhere,
      let point = try stationaryPoint(found, inputs, free, noise, interpolant)
    {
      let digits = free.map { index in
        let relative =
          inputs[index].isLogarithmic
          ? point.errors[index] : point.errors[index] / point.place[index]
        return Self.digits(error: relative)
      }
      var bandwidths = found
      for (index, digits) in zip(free, digits) {
        bandwidths[index] = inputs[index].rounded(point.place[index], digits: digits)
      }
      let rounded = try criterion.scaled(bandwidths)
      if rounded <= allowed { return (bandwidths, rounded) }
    }
    return try roundedAtKink(found, value: value, free: free, allowed: allowed)
  }

  /// Whether keys enter windows so often that no difference of values is free of kinks.
  private var hasKinksEverywhere: Bool {
    criterion.table.keys.count > 20_000 && CriterionKnots.hasKink(criterion.kernel)
  }

  private func stationaryPoint(
    _ found: [Double], _ inputs: [SearchInput], _ free: [Int], _ noise: Double,
    _ interpolant: CriterionInterpolant?
  ) throws(KernelRegressionError) -> StationaryPoint? {
    let start = zip(inputs, found).map { $0.isLogarithmic ? .log($1) : $1 }
    if criterion.criterion.sloped != nil, inputs.allSatisfy(\.isLogarithmic) {
      let point = try StationaryPoint(near: start, free: free, noise: noise) {
        place throws(KernelRegressionError) in
        var bandwidths = found
        for index in free { bandwidths[index] = .exp(place[index]) }
        guard bandwidths.allSatisfy(\.isNormal) else { return nil }
        return try criterion.sloped(bandwidths)?.slopes
      }
      if let point { return point }
    }
    let reach = zip(inputs, found).map { input, bandwidth in
      input.isLogarithmic ? .infinity : min(bandwidth - input.lower, input.upper - bandwidth)
    }
    return try StationaryPoint(near: start, free: free, reach: reach, noise: noise) {
      place throws(KernelRegressionError) in
      if let interpolant, interpolant.contains(place[0]) { return interpolant(place[0]) }
      var bandwidths = found
      for index in free {
        bandwidths[index] = inputs[index].isLogarithmic ? .exp(place[index]) : place[index]
      }
      guard bandwidths.allSatisfy({ $0.isFinite && $0 >= 0 }),
        zip(inputs, bandwidths).allSatisfy({ !$0.isLogarithmic || $1.isNormal })
      else { return .infinity }
      return try criterion.scaled(bandwidths)
    }
  }

  /// Without slopes: the number on either side with the lower criterion, one input after another, with as
  /// many digits as the criterion needs to keep its value.
  private func roundedAtKink(
    _ found: [Double], value: Double, free: [Int], allowed: Double
  ) throws(KernelRegressionError) -> (bandwidths: [Double], value: Double) {
    for digits in [Self.kinkDigits, 8, 10, 12] {
      var (bandwidths, least) = (found, value)
      for index in free {
        let around = Self.neighbors(found[index], digits: digits)
        least = .infinity
        var chosen = bandwidths
        for candidate in [around.nearest, around.below, around.above] {
          var trial = bandwidths
          trial[index] = candidate
          let criterion = try self.criterion.scaled(trial)
          if criterion < least - self.criterion.noise(at: least) / 16 || least == .infinity {
            (chosen, least) = (trial, criterion)
          }
        }
        bandwidths = chosen
      }
      if least <= allowed { return (bandwidths, least) }
    }
    return (found, value)
  }

  private static func nearest(to bandwidth: Double, among knots: [Double]) -> Double? {
    var (low, high) = (0, knots.count)
    while low < high {
      let middle = (low + high) / 2
      if knots[middle] < bandwidth { low = middle + 1 } else { high = middle }
    }
    let near = knots[max(low - 1, 0)..<min(low + 1, knots.count)]
    return near.min { ($0 - bandwidth).magnitude < ($1 - bandwidth).magnitude }
      .flatMap { ($0 / bandwidth - 1).magnitude < 1e-6 ? $0 : nil }
  }
}

extension BandwidthCriterion {
  /// The minimum along the bandwidth of the first input near one that a search found, rounded as by
  /// ``Bandwidths/select(_:for:similarity:degree:emptyWindow:isCausal:computation:)``, and the criterion
  /// there in the unit of the values.
  ///
  /// - Complexity: about 25 values of the criterion.
  package func roundedMinimum(
    near bandwidths: [Double]
  ) throws(KernelRegressionError) -> (bandwidths: [Double], criterion: Double) {
    let input = SearchInput(
      lower: .leastNormalMagnitude, upper: .greatestFiniteMagnitude, unit: 1, isLogarithmic: true)
    let search = CriterionSearch(self)
    let found = try BandwidthRounding(criterion: search).rounded(
      bandwidths, value: try search.scaled(bandwidths), inputs: bandwidths.map { _ in input },
      fixed: Set(bandwidths.indices.dropFirst()))
    return (found.bandwidths, inUnitOfValues(found.value))
  }
}
