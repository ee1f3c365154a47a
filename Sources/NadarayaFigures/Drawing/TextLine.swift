/// One line of words at a place.
struct TextLine: Hashable, Sendable {
  /// Which point of the line stands at its place.
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
