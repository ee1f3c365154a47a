/// How an area is filled.
struct Fill: Hashable, Sendable {
  var color: Color
  var opacity: Double

  init(_ color: Color, opacity: Double = 1) {
    self.color = color
    self.opacity = opacity
  }
}

/// The few basic shapes that every figure consists of.
///
/// A renderer writes these and does not know about panels, axes or data.
indirect enum Shape: Hashable, Sendable {
  /// Lines, or the areas that they enclose.
  case path(Path, fill: Fill?, stroke: Stroke?)

  /// An upright rectangle.
  case rectangle(Rectangle, fill: Fill?, stroke: Stroke?)

  /// Discs, drawn one by one so that overlaps darken.
  case circles([Point], radius: Double, color: Color, opacity: Double)

  /// Discs on a grid, drawn as one shape so that overlaps do not darken; without a radius, whole cells.
  case dots([PointGrid.Cell], pitch: Double, radius: Double?, color: Color, opacity: Double)

  /// Coloured cells with crisp borders.
  case cells(CellLayer)

  /// The ramp of a colour bar, with the colour farthest from paper at the top.
  case ramp(Rectangle)

  /// A line of text.
  case text(TextLine)

  /// Shapes that show only inside a rectangle.
  case clipped(Rectangle, [Shape])
}

/// One line of text at a place.
struct TextLine: Hashable, Sendable {
  /// The point of the line that is at its place.
  enum Anchor: Hashable, Sendable {
    case start
    case middle
    case end
  }

  var string: String

  /// The anchor on the baseline.
  var place: Point

  var anchor: Anchor = .start
  var style: TextStyle

  /// Whether the line runs upwards, as the label of a vertical axis does.
  var isRotated = false

  /// The rectangle that the words fill.
  var bounds: Rectangle {
    let width = style.width(of: string)
    let lead: Double =
      switch anchor {
      case .start: 0
      case .middle: width / 2
      case .end: width
      }
    let ascent = style.size * TextStyle.ascent
    let height = style.size * (TextStyle.ascent + TextStyle.descent)
    guard isRotated else {
      return Rectangle(
        minX: place.x - lead, minY: place.y - ascent, width: width, height: height)
    }
    return Rectangle(
      minX: place.x - ascent, minY: place.y + lead - width, width: height, height: width)
  }
}
