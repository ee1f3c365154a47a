/// Words above or below a point, kept inside the panel, on paper that hides anything under them.
package struct Annotation: Equatable, Sendable {
  /// The side of the point that the words are on.
  package enum Side: Hashable, Sendable {
    /// Nearer to the top of the picture.
    case above

    /// Nearer to the foot of the picture.
    case below
  }

  /// Where the point is, horizontally.
  package var x: Double

  /// Where the point is, vertically.
  package var y: Double

  /// The words; broken into lines if the panel is narrow.
  package var text: String

  /// The side of the point that the words are on.
  package var side: Side

  /// The colour of the words.
  package var color: Color

  /// Creates words at a point.
  ///
  /// - Parameters:
  ///   - text: The words.
  ///   - x: Where the point is; words at a place that an axis cannot show are left out.
  ///   - y: Where the point is.
  ///   - side: The side of the point that the words are on.
  ///   - color: The colour of the words.
  package init(
    _ text: String, x: Double, y: Double, side: Side = .above, color: Color = .highlight
  ) {
    self.text = text
    self.x = x
    self.y = y
    self.side = side
    self.color = color
  }

  /// The distance from the point to the nearest line.
  private static let gap = 8.0
}

extension Annotation: MarkContent {
  var legendEntry: LegendEntry? { nil }

  func extent(on scales: AxisScales) -> Extent { .ofPoints(x: [x], y: [y], on: scales) }

  func shapes(in plot: Plot) -> [Shape] {
    let room = plot.frame.insetBy(3)
    guard let point = plot.point(x, y), plot.frame.insetBy(-1).contains(point) else { return [] }
    let style = TextStyle(size: 11.5, isBold: true, color: color)
    let lines = style.lines(of: text, width: room.width)
    let width = lines.map { style.width(of: $0) }.max() ?? 0
    let height = Double(lines.count) * style.lineHeight
    let top = side == .above ? point.y - Self.gap - height : point.y + Self.gap
    // A tenth more in case the reader lacks Helvetica.
    let half = min(width * 0.55, room.width / 2)
    let middle = min(max(point.x, room.minX + half), room.maxX - half)
    let place = min(max(top, room.minY), max(room.minY, room.maxY - height))
    let paper = Rectangle(minX: middle - half - 2, minY: place, width: 2 * half + 4, height: height)
    return [.rectangle(paper, fill: Fill(.paper, opacity: 0.85), stroke: nil)]
      + PanelLayout.stack(lines, style: style, x: middle, top: place, anchor: .middle)
  }
}
