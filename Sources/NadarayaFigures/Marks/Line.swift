/// A curve through points, in their order.
///
/// A point that cannot be shown (NaN, infinite, or not positive on a log axis) leaves a gap: the points
/// on its two sides are never joined. A single point between two gaps is a dot.
package struct Line: Equatable, Sendable {
  /// Horizontal coordinates.
  package var x: [Double]

  /// Vertical coordinates, one for each x.
  package var y: [Double]

  /// The name in the legend; nil to leave it out.
  package var label: String?

  /// How it is drawn.
  package var stroke: Stroke

  /// Creates a curve.
  ///
  /// - Parameters:
  ///   - x: Horizontal coordinates.
  ///   - y: Vertical coordinates; the program stops unless there is one for each x.
  ///   - label: The name in the legend; nil to leave it out.
  ///   - stroke: How it is drawn.
  package init(x: [Double], y: [Double], label: String? = nil, stroke: Stroke = .fit) {
    precondition(x.count == y.count, "A line has \(x.count) x but \(y.count) y.")
    self.x = x
    self.y = y
    self.label = label
    self.stroke = stroke
  }
}

extension Line: MarkContent {
  var legendEntry: LegendEntry? {
    guard x.isEmpty || zip(x, y).contains(where: { $0.isFinite && $1.isFinite }) else { return nil }
    return label.map { LegendEntry(label: $0, key: .line(stroke)) }
  }

  func extent(on scales: AxisScales) -> Extent { .ofPoints(x: x, y: y, on: scales) }

  func shapes(in plot: Plot) -> [Shape] {
    // Wide enough that the end caps of clipped lines stay outside the panel.
    let window = plot.frame.insetBy(-4 - stroke.width)
    var path = Path()
    var dots = Path()
    for run in runs(in: plot) {
      for piece in polyline(condensed(run), clippedTo: window) {
        if piece.count == 1 { dots.addPolyline(piece) } else { path.addPolyline(piece) }
      }
    }
    // Only a solid line that is not too thin has the round ends that turn a point into a dot.
    let dot = Stroke(stroke.color, width: max(stroke.width, 1.6), opacity: stroke.opacity)
    return (path.isEmpty ? [] : [.path(path, fill: nil, stroke: stroke)])
      + (dots.isEmpty ? [] : [.path(dots, fill: nil, stroke: dot)])
  }

  /// The pixels of the curve between its gaps.
  private func runs(in plot: Plot) -> [[Point]] {
    var runs: [[Point]] = []
    var run: [Point] = []
    for (x, y) in zip(x, y) {
      if let point = plot.point(x, y) {
        run.append(point)
      } else if !run.isEmpty {
        runs.append(run)
        run = []
      }
    }
    if !run.isEmpty { runs.append(run) }
    return runs
  }
}
