/// Vertical bars from a lower to an upper end, such as intervals at separate places.
///
/// A bar is left out if one of its ends cannot be shown.
package struct IntervalBars: Equatable, Sendable {
  /// Horizontal coordinates.
  package var x: [Double]

  /// The lower ends, one for each x.
  package var lower: [Double]

  /// The upper ends, one for each x.
  package var upper: [Double]

  /// The name in the legend; nil to leave it out.
  package var label: String?

  /// How bars are drawn.
  package var stroke: Stroke

  /// Creates bars.
  ///
  /// - Parameters:
  ///   - x: Horizontal coordinates.
  ///   - lower: The lower ends; the program stops unless there is one for each x.
  ///   - upper: The upper ends; the program stops unless there is one for each x.
  ///   - label: The name in the legend; nil to leave it out.
  ///   - stroke: How bars are drawn.
  package init(
    x: [Double], lower: [Double], upper: [Double], label: String? = nil,
    stroke: Stroke = Stroke(.fit, width: 1.6)
  ) {
    precondition(
      x.count == lower.count && x.count == upper.count,
      "Bars have \(x.count) x but \(lower.count) lower and \(upper.count) upper ends.")
    self.x = x
    self.lower = lower
    self.upper = upper
    self.label = label
    self.stroke = stroke
  }

  /// Half the width of a bar's end caps.
  static let halfCap = 4.0
}

extension IntervalBars: MarkContent {
  var legendEntry: LegendEntry? {
    guard isDrawn else { return nil }
    return label.map { LegendEntry(label: $0, key: .bar(stroke)) }
  }

  /// Whether there is any bar.
  var isDrawn: Bool {
    x.indices.contains { lower[$0].isFinite && upper[$0].isFinite && x[$0].isFinite }
  }

  func extent(on scales: AxisScales) -> Extent {
    .ofIntervals(x: x, lower: lower, upper: upper, on: scales)
  }

  func shapes(in plot: Plot) -> [Shape] {
    // Two panels away an end is as invisible as at its true place.
    let reach = plot.frame.insetBy(-2 * plot.frame.height)
    let cap = min(Self.halfCap, plot.frame.width / Double(max(x.count, 1)) / 3)
    var path = Path()
    for index in x.indices {
      guard let low = plot.point(x[index], lower[index]),
        let high = plot.point(x[index], upper[index]),
        (plot.frame.minX...plot.frame.maxX).contains(low.x)
      else { continue }
      let ends = [reach.nearest(to: low), reach.nearest(to: high)]
      path.addPolyline(ends)
      for end in ends {
        path.addPolyline([Point(x: end.x - cap, y: end.y), Point(x: end.x + cap, y: end.y)])
      }
    }
    return path.isEmpty ? [] : [.path(path, fill: nil, stroke: stroke)]
  }
}
