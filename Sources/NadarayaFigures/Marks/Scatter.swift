/// Points, half transparent so that many in one place contrast with the paper.
///
/// Points that an axis cannot show are left out. Above 1,000 points, those that fall into the same cell
/// of a grid are merged. The grid is half a pixel wide, which is invisible, and dots darken nearly like
/// overlapping points. If that leaves more than 10,000 dots, the grid doubles, up to 4 pixels, and
/// whole cells are drawn; on such a grid, or if more than eight points share a cell, opacity grows with
/// the logarithm of their number, in eight levels from 0.6 to 1.8 times that of one point, and
/// ``Figure/simplifications`` says so.
package struct Scatter: Equatable, Sendable {
  /// Horizontal coordinates.
  package var x: [Double]

  /// Vertical coordinates, one for each x.
  package var y: [Double]

  /// The name in the legend; nil to leave it out.
  package var label: String?

  /// The colour.
  package var color: Color

  /// The opacity of one point, 0 to 1.
  package var opacity: Double

  /// The radius in pixels; nil to choose it by the number of points.
  package var radius: Double?

  /// The cached result for these points; shared by the marks that draw them again.
  package var memory = PointMemory()

  /// Creates points.
  ///
  /// - Parameters:
  ///   - x: Horizontal coordinates.
  ///   - y: Vertical coordinates; the program stops unless there is one for each x.
  ///   - label: The name in the legend; nil to leave it out.
  ///   - color: The colour.
  ///   - opacity: The opacity of one point, 0 to 1.
  ///   - radius: In pixels; nil to choose it by the number of points.
  package init(
    x: [Double], y: [Double], label: String? = nil, color: Color = .points,
    opacity: Double = 0.5, radius: Double? = nil
  ) {
    precondition(x.count == y.count, "A scatter has \(x.count) x but \(y.count) y.")
    self.x = x
    self.y = y
    self.label = label
    self.color = color
    self.opacity = opacity
    self.radius = radius
  }
}

extension Scatter: MarkContent {
  var legendEntry: LegendEntry? {
    label.map { LegendEntry(label: $0, key: .dot(color, opacity: opacity)) }
  }

  func extent(on scales: AxisScales) -> Extent {
    memory.extent(of: self, on: scales) { .ofPoints(x: x, y: y, on: scales) }
  }

  func shapes(in plot: Plot) -> [Shape] {
    let cloud = cloud(in: plot)
    return cloud.grid?.shapes(radius: dotRadius, color: color, opacity: opacity)
      ?? [.circles(cloud.points, radius: dotRadius, color: color, opacity: opacity)]
  }

  func simplification(in plot: Plot) -> Simplification.Kind? {
    let cloud = cloud(in: plot)
    guard let grid = cloud.grid, !grid.isFaithful else { return nil }
    return .mergedPoints(count: cloud.count, dots: grid.cells.count)
  }

  private func cloud(in plot: Plot) -> PointCloud {
    let window = plot.frame.insetBy(-dotRadius)
    return memory.cloud(of: self, in: window, plot) { PointCloud(visiblePoints(in: window, plot)) }
  }

  private var dotRadius: Double {
    if let radius { return radius }
    return switch x.count {
    case ...150: 3
    case ...1000: 2.4
    case ...5000: 1.7
    default: 1.1
    }
  }

  private func visiblePoints(in window: Rectangle, _ plot: Plot) -> [Point] {
    var points: [Point] = []
    points.reserveCapacity(x.count)
    for (x, y) in zip(x, y) {
      if let point = plot.point(x, y), window.contains(point) { points.append(point) }
    }
    return points
  }
}
