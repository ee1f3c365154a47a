/// How an area is filled.
struct Fill: Hashable, Sendable {
  var color: Color
  var opacity: Double

  init(_ color: Color, opacity: Double = 1) {
    self.color = color
    self.opacity = opacity
  }
}

/// The few plain shapes that every figure is made of.
///
/// A renderer writes these and knows nothing of panels, axes or data.
indirect enum Shape: Hashable, Sendable {
  /// Lines, or the areas that they enclose.
  case path(Path, fill: Fill?, stroke: Stroke?)

  /// An upright rectangle.
  case rectangle(Rectangle, fill: Fill?, stroke: Stroke?)

  /// Discs, drawn one by one so that overlaps darken.
  case circles([Point], radius: Double, color: Color, opacity: Double)

  /// Discs on a grid, drawn as one so that overlaps stay even; without a radius, whole cells.
  case dots([PointGrid.Cell], pitch: Double, radius: Double?, color: Color, opacity: Double)

  /// Coloured cells with crisp borders.
  case cells(CellLayer)

  /// The ramp of a colour bar, with the colour farthest from paper at the top.
  case ramp(Rectangle)

  /// A line of words.
  case text(TextLine)

  /// Shapes that show only inside a rectangle.
  case clipped(Rectangle, [Shape])
}
