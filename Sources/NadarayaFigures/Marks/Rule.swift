/// A straight line across the whole panel at one value, such as a chosen bandwidth.
package struct Rule: Equatable, Sendable {
  /// The direction of a rule.
  package enum Direction: Hashable, Sendable {
    /// At one x, from bottom to top.
    case vertical

    /// At one y, from left to right.
    case horizontal
  }

  /// Its position, in the units of the axis that it crosses.
  package var value: Double

  /// Its direction.
  package var direction: Direction

  /// The name in the legend; nil to leave it out.
  package var label: String?

  /// How it is drawn.
  package var stroke: Stroke

  /// Creates a rule.
  ///
  /// - Parameters:
  ///   - direction: Vertical for a value of x, horizontal for a value of y.
  ///   - value: Its position; not drawn if the axis cannot show it.
  ///   - label: The name in the legend; nil to leave it out.
  ///   - stroke: How it is drawn.
  package init(
    _ direction: Direction, at value: Double, label: String? = nil, stroke: Stroke = .reference
  ) {
    self.value = value
    self.direction = direction
    self.label = label
    self.stroke = stroke
  }
}

extension Rule: MarkContent {
  var legendEntry: LegendEntry? { label.map { LegendEntry(label: $0, key: .line(stroke)) } }

  func extent(on scales: AxisScales) -> Extent {
    switch direction {
    case .vertical where scales.x.canShow(value): Extent(x: value...value, y: nil)
    case .horizontal where scales.y.canShow(value): Extent(x: nil, y: value...value)
    default: .empty
    }
  }

  func shapes(in plot: Plot) -> [Shape] {
    let frame = plot.frame
    let ends: [Point]
    switch direction {
    case .vertical:
      guard let x = plot.x(value), (frame.minX...frame.maxX).contains(x) else { return [] }
      ends = [Point(x: x, y: frame.maxY), Point(x: x, y: frame.minY)]
    case .horizontal:
      guard let y = plot.y(value), (frame.minY...frame.maxY).contains(y) else { return [] }
      ends = [Point(x: frame.minX, y: y), Point(x: frame.maxX, y: y)]
    }
    var path = Path()
    path.addPolyline(ends)
    return [.path(path, fill: nil, stroke: stroke)]
  }
}
