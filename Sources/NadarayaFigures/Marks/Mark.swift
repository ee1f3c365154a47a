/// Something drawn inside a panel.
///
/// A mark is one file: the data with its documentation, and its ``MarkContent``. A new one needs only a
/// case here, because marks describe themselves in basic shapes that every renderer writes.
package enum Mark: Equatable, Sendable {
  /// A curve.
  case line(Line)

  /// Points.
  case scatter(Scatter)

  /// The area between two curves.
  case band(Band)

  /// Vertical bars between two ends.
  case intervalBars(IntervalBars)

  /// Vertical lines from zero.
  case stems(Stems)

  /// A straight line across the panel.
  case rule(Rule)

  /// A shaded stretch of x.
  case shading(Shading)

  /// Words at a point.
  case annotation(Annotation)

  /// A matrix of coloured cells.
  case heatmap(Heatmap)

  var content: any MarkContent {
    switch self {
    case .line(let line): line
    case .scatter(let scatter): scatter
    case .band(let band): band
    case .intervalBars(let bars): bars
    case .stems(let stems): stems
    case .rule(let rule): rule
    case .shading(let shading): shading
    case .annotation(let annotation): annotation
    case .heatmap(let heatmap): heatmap
    }
  }
}

/// The information that a mark gives the layout.
protocol MarkContent: Sendable {
  /// Whether axes end at this mark, without a margin.
  var fillsPanel: Bool { get }

  /// The range of finite values shown as colours; nil for a mark of one colour.
  var valueRange: ClosedRange<Double>? { get }

  /// The entry in the legend; nil for a mark without a label.
  var legendEntry: LegendEntry? { get }

  /// The extent of everything that can be drawn, in the units of the data.
  func extent(on scales: AxisScales) -> Extent

  /// The shapes, in pixels. The layout clips them to the plot.
  func shapes(in plot: Plot) -> [Shape]

  /// The detail that the shapes leave out.
  func simplification(in plot: Plot) -> Simplification.Kind?
}

extension MarkContent {
  var fillsPanel: Bool { false }

  var valueRange: ClosedRange<Double>? { nil }

  func simplification(in plot: Plot) -> Simplification.Kind? { nil }
}

/// Where a panel's marks are drawn.
struct Plot: Sendable {
  /// The inside of the axes, in pixels.
  var frame: Rectangle

  /// The horizontal axis.
  var x: Projection

  /// The vertical axis.
  var y: Projection

  /// How heatmaps are coloured; nil if the figure has no finite cell.
  var colors: ColorMap?

  /// The pixel of a point; nil if an axis cannot show it.
  func point(_ x: Double, _ y: Double) -> Point? {
    guard let x = self.x(x), let y = self.y(y) else { return nil }
    return Point(x: x, y: y)
  }
}
