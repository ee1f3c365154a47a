/// One coordinate system of a figure with the marks inside it.
package struct Panel: Equatable, Sendable {
  /// The title above the panel, wrapped if it is long; empty for none.
  package var title: String

  /// A less prominent line under the title, such as numbers; empty for none.
  package var subtitle: String

  /// The horizontal axis.
  package var x: Axis

  /// The vertical axis.
  package var y: Axis

  /// The marks to draw, the first at the back.
  package var marks: [Mark]

  /// How the panel's heatmaps are coloured, with a bar beside it; nil for the colours of the figure.
  package var colorScale: ColorScale?

  /// Creates a panel.
  ///
  /// - Parameters:
  ///   - title: What the panel shows; empty for none.
  ///   - subtitle: A less prominent line under the title; empty for none.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  ///   - marks: The marks to draw, the first at the back. If nothing can be drawn, the panel says "no
  ///     finite data", or "no positive data" on a log scale.
  ///   - colorScale: How heatmaps are coloured; nil for the colours of the figure.
  package init(
    title: String = "", subtitle: String = "", x: Axis = Axis(), y: Axis = Axis(), marks: [Mark],
    colorScale: ColorScale? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.x = x
    self.y = y
    self.marks = marks
    self.colorScale = colorScale
  }

  var scales: AxisScales { AxisScales(x: x.scale, y: y.scale) }

  /// The extent of everything that can be drawn.
  ///
  /// - Complexity: O(size of the data).
  var extent: Extent {
    marks.reduce(.empty) { $0.union($1.content.extent(on: scales)) }
  }

  /// Whether axes end at the data: cells fill their panel.
  var isTight: Bool { marks.contains { $0.content.fillsPanel } }
}
