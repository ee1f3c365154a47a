internal import NadarayaFigures

/// The axes that pictures of one view share.
enum PictureAxis {
  /// Limits around data with the margin that figures take.
  ///
  /// - Parameter range: Of finite numbers.
  static func limits(around range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    // Halves, because the span of −10³⁰⁸…10³⁰⁸ overflows.
    let slack =
      low < high
      ? (high / 2 - low / 2) * 0.08 : low == 0 ? 1 : max(0.05 * low.magnitude, 1e-300)
    let limit = Double.greatestFiniteMagnitude
    return max(low - slack, -limit)...min(high + slack, limit)
  }

  /// Limits that do not blow up the rounding of values that are all the same; nil for other values.
  static func limits(ofConstant values: [Double]) -> ClosedRange<Double>? {
    guard let least = values.min(), let greatest = values.max(),
      greatest - least <= 1e-12 * max(least.magnitude, greatest.magnitude)
    else { return nil }
    let margin = max(0.1 * least.magnitude, least == 0 ? 1 : 1e-300)
    let limit = Double.greatestFiniteMagnitude
    return max(least - margin, -limit)...min(greatest + margin, limit)
  }
}

extension Resolved {
  /// The horizontal axis of every picture along the input.
  var horizontalAxis: Axis {
    Axis(label: view.over, limits: PictureAxis.limits(around: extent))
  }
}
