/// How the values of one axis map to the drawn picture.
///
/// ```text
/// t(v)  = v on a linear scale, log₁₀ v on a logarithmic one
/// place = start + (t(v) − t(lower))/(t(upper) − t(lower)) · (end − start)
/// ```
///
/// with the lower and the upper limit.
package struct AxisPlace: Hashable, Sendable {
  /// The values at the ends of the axis, as drawn: those of the figure, or found from the data.
  package let limits: ClosedRange<Double>

  /// How values are spaced between the limits.
  package let scale: Axis.Scale

  /// Whether values grow leftwards, or downwards on a vertical axis.
  package let isReversed: Bool

  /// The place of the lower limit: from the left of the picture on a horizontal axis, from the top on a
  /// vertical one, in user units of the SVG.
  package let start: Double

  /// The place of the upper limit, alike.
  package let end: Double

  private let projection: Projection

  init(_ projection: Projection, isReversed: Bool) {
    limits = projection.limits
    scale = projection.scale
    self.isReversed = isReversed
    start = projection.start
    end = projection.end
    self.projection = projection
  }

  /// The place of a value in the picture; nil where the axis cannot show it: NaN, infinities, and on a
  /// logarithmic scale what is not positive.
  ///
  /// A value outside the limits has a place beyond the plot area.
  ///
  /// - Parameter value: In the units of the axis.
  package func place(of value: Double) -> Double? { projection(value) }

  /// The value at a place in the picture, clamped to the limits.
  ///
  /// - Parameter place: In user units of the SVG; NaN stops the program.
  package func value(at place: Double) -> Double { projection.value(at: place) }
}
