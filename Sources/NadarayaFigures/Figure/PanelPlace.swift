/// Where the inside of a panel's axes lies in the drawn picture, and how data map to it.
///
/// All lengths are in user units of the SVG, from the left and from the top of its `viewBox`; the SVG
/// rounds what it draws to hundredths of them.
package struct PanelPlace: Hashable, Sendable {
  /// The left end of the plot area.
  package let x: Double

  /// The top of the plot area.
  package let y: Double

  /// The width of the plot area.
  package let width: Double

  /// The height of the plot area.
  package let height: Double

  /// The horizontal axis; nil where the panel has no axes, because nothing in it can be drawn.
  package let horizontal: AxisPlace?

  /// The vertical axis; nil where the panel has no axes.
  package let vertical: AxisPlace?
}

extension PanelLayout {
  /// Where the panel lies, once the grid has placed it.
  var place: PanelPlace {
    let plot = plot(colors: nil)
    return PanelPlace(
      x: frame.minX, y: frame.minY, width: frame.width, height: frame.height,
      horizontal: plot.map { AxisPlace($0.x, isReversed: panel.x.isReversed) },
      vertical: plot.map { AxisPlace($0.y, isReversed: panel.y.isReversed) })
  }
}
