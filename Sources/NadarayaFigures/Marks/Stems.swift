/// Vertical lines from zero to each value, with a dot on top: for quantities at separate places.
///
/// On a log axis, which has no zero, stems start at the bottom of the panel.
package struct Stems: Equatable, Sendable {
  /// Horizontal coordinates.
  package var x: [Double]

  /// Heights, one for each x.
  package var y: [Double]

  /// The name in the legend; nil to leave it out.
  package var label: String?

  /// The colour.
  package var color: Color

  /// Creates stems.
  ///
  /// - Parameters:
  ///   - x: Horizontal coordinates.
  ///   - y: Heights; the program stops unless there is one for each x. Those that cannot be shown are
  ///     left out.
  ///   - label: The name in the legend; nil to leave it out.
  ///   - color: The colour.
  package init(x: [Double], y: [Double], label: String? = nil, color: Color = .fit) {
    precondition(x.count == y.count, "Stems have \(x.count) x but \(y.count) y.")
    self.x = x
    self.y = y
    self.label = label
    self.color = color
  }
}

extension Stems: MarkContent {
  var legendEntry: LegendEntry? { label.map { LegendEntry(label: $0, key: .stem(color)) } }

  func extent(on scales: AxisScales) -> Extent {
    var extent = Extent.ofPoints(x: x, y: y, on: scales)
    if extent.y != nil, scales.y == .linear { extent.y = widened(extent.y, toHold: 0) }
    return extent
  }

  func shapes(in plot: Plot) -> [Shape] {
    let foot = plot.y(0) ?? plot.y.start
    let tips = zip(x, y).compactMap { plot.point($0, $1) }
      .filter { (plot.frame.minX...plot.frame.maxX).contains($0.x) }
    let reach = plot.frame.insetBy(-plot.frame.height)
    var path = Path()
    for tip in tips {
      path.addPolyline([
        reach.nearest(to: Point(x: tip.x, y: foot)), reach.nearest(to: tip),
      ])
    }
    guard !path.isEmpty else { return [] }
    // Crowded dots would hide how many stems there are.
    let radius = tips.count > 100 ? 1.4 : 2.6
    return [
      .path(path, fill: nil, stroke: Stroke(color, width: 1.2)),
      .circles(
        tips.filter(plot.frame.insetBy(-radius).contains), radius: radius, color: color,
        opacity: 1),
    ]
  }
}
