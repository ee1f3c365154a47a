/// The ends of an axis, computed from the data.
enum AxisLimits {
  /// The fraction of the data's span that is left free at each end.
  static let margin = 0.04

  /// Limits that contain the data with a small margin.
  ///
  /// Constant data v get v ± 5 %, or ±1 if v = 0. If data differ only by a few units in the last place,
  /// limits are widened until ticks are distinct.
  ///
  /// - Parameters:
  ///   - data: The extent of the data along the axis: finite, and positive on a log scale.
  ///   - isTight: Whether the margin is left out, as for heatmaps.
  static func covering(
    _ data: ClosedRange<Double>, on scale: Axis.Scale, isTight: Bool
  ) -> ClosedRange<Double> {
    switch scale {
    case .linear: linear(data, isTight: isTight)
    case .log10: logarithmic(data, isTight: isTight)
    }
  }

  /// The span below which neighbouring ticks would fall on the same `Double`.
  static func finestSpan(around magnitude: Double) -> Double {
    max(magnitude.ulp * 64, 1e-304)
  }

  private static func linear(
    _ data: ClosedRange<Double>, isTight: Bool
  ) -> ClosedRange<Double> {
    let magnitude = max(data.lowerBound.magnitude, data.upperBound.magnitude)
    var low = data.lowerBound
    var high = data.upperBound
    if low == high {
      let slack = low == 0 ? 1 : magnitude * 0.05
      return finite(low - slack)...finite(high + slack)
    }
    let finest = finestSpan(around: magnitude)
    if high - low < finest {
      let center = low + (high - low) / 2
      return finite(center - finest / 2)...finite(center + finest / 2)
    }
    if !isTight {
      // Halves, because the span of −10³⁰⁸…10³⁰⁸ overflows.
      let slack = (high / 2 - low / 2) * (2 * margin)
      low -= slack
      high += slack
    }
    return finite(low)...finite(high)
  }

  private static func logarithmic(
    _ data: ClosedRange<Double>, isTight: Bool
  ) -> ClosedRange<Double> {
    guard data.lowerBound < data.upperBound else {
      return positive(data.lowerBound / 3)...aboveSubnormals(data.upperBound * 3)
    }
    let ratio = commonLogarithm(data.upperBound) - commonLogarithm(data.lowerBound)
    let slack = powerOfTen(isTight ? 0 : ratio * margin)
    let low = positive(data.lowerBound / slack)
    let high = aboveSubnormals(data.upperBound * slack)
    let finest = finestSpan(around: high)
    guard high - low < finest else { return low...high }
    return positive(low - finest / 2)...positive(high + finest / 2)
  }

  private static func finite(_ value: Double) -> Double {
    min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }

  /// Keeps a log axis off zero and infinity.
  private static func positive(_ value: Double) -> Double {
    min(max(value, .leastNonzeroMagnitude), .greatestFiniteMagnitude)
  }

  /// Ends a log axis where ticks are distinct: subnormal numbers have too few digits.
  private static func aboveSubnormals(_ value: Double) -> Double {
    max(positive(value), .leastNormalMagnitude * 1000)
  }
}
