/// A drawn figure, with everything a page needs to place a marker on it or to interpret a pointer over
/// it.
package struct Picture: Hashable, Sendable {
  /// Width and height in user units of the SVG: those of its `viewBox`, which starts at (0, 0).
  package struct Size: Hashable, Sendable {
    /// The width, which may exceed the figure's if its contents do not fit.
    package let width: Double

    /// The height.
    package let height: Double
  }

  /// The SVG document, as ``Figure/svg(idPrefix:theme:)`` gives it.
  package let svg: String

  /// The size of the picture.
  package let size: Size

  /// Where each panel's axes lie in the picture, in the order of ``Figure/panels``.
  package let places: [PanelPlace]
}

extension Figure {
  /// The size of the drawn picture, whatever its theme.
  ///
  /// - Complexity: that of drawing the figure; if its text is needed too, use
  ///   ``picture(idPrefix:theme:)``.
  package var size: Picture.Size { FigureLayout(self).size }

  /// Where each panel's axes lie in the drawn picture, whatever its theme, in the order of ``panels``.
  ///
  /// - Complexity: that of drawing the figure; if its text is needed too, use
  ///   ``picture(idPrefix:theme:)``.
  package var places: [PanelPlace] { FigureLayout(self).panels.map(\.place) }
}

extension FigureLayout {
  var size: Picture.Size { Picture.Size(width: width, height: height) }
}

/// Where the inside of a panel's axes lies in the drawn picture, and how data map to it.
///
/// All lengths are in user units of the SVG, from the left and from the top of its `viewBox`; the SVG
/// rounds what it draws to hundredths of them.
package struct PanelPlace: Hashable, Sendable {
  /// The left end of the plot area.
  package let x: Double

  /// The top of the plot area.
  package let y: Double

  /// The width of the plot area.
  package let width: Double

  /// The height of the plot area.
  package let height: Double

  /// The horizontal axis; nil if the panel has no axes, because nothing in it can be drawn.
  package let horizontal: AxisPlace?

  /// The vertical axis; nil if the panel has no axes.
  package let vertical: AxisPlace?
}

extension PanelLayout {
  /// The panel's place, once the grid has set it.
  var place: PanelPlace {
    let plot = plot(colors: nil)
    return PanelPlace(
      x: frame.minX, y: frame.minY, width: frame.width, height: frame.height,
      horizontal: plot.map { AxisPlace($0.x, isReversed: panel.x.isReversed) },
      vertical: plot.map { AxisPlace($0.y, isReversed: panel.y.isReversed) })
  }
}

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

  /// The place of the upper limit, in the same way.
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

  /// The place of a value in the picture; nil if the axis cannot show it: NaN, infinities, and numbers
  /// that are not positive on a logarithmic scale.
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
