/// The map from values along one axis to pixels.
struct Projection: Hashable, Sendable {
  /// The values at the ends of the axis.
  let limits: ClosedRange<Double>

  /// How values are spaced.
  let scale: Axis.Scale

  /// The pixel of the lower limit.
  let start: Double

  /// The pixel of the upper limit.
  let end: Double

  private let low: Double
  private let halfSpan: Double

  init(limits: ClosedRange<Double>, scale: Axis.Scale, start: Double, end: Double) {
    self.limits = limits
    self.scale = scale
    self.start = start
    self.end = end
    low = scale.transform(limits.lowerBound)
    halfSpan = scale.transform(limits.upperBound) / 2 - low / 2
  }

  /// The largest position of a value outside the limits, in pixels: far enough that a slope towards it
  /// looks right, near enough that hundredths of a pixel are still represented.
  private static let horizon = 1e12

  /// The pixel of a value; nil if the axis cannot show it.
  func callAsFunction(_ value: Double) -> Double? {
    guard scale.canShow(value) else { return nil }
    let fraction = (scale.transform(value) / 2 - low / 2) / halfSpan
    let pixel = start + fraction * (end - start)
    return min(max(pixel, -Self.horizon), Self.horizon)
  }

  /// The value at a pixel, clamped to the limits.
  func value(at pixel: Double) -> Double {
    precondition(!pixel.isNaN, "A pixel cannot be NaN.")
    let fraction = min(max((pixel - start) / (end - start), 0), 1)
    // Weighted ends, because their difference may overflow.
    let high = scale.transform(limits.upperBound)
    let place = low * (1 - fraction) + high * fraction
    let value = scale == .linear ? place : powerOfTen(place)
    return min(max(value, limits.lowerBound), limits.upperBound)
  }
}
