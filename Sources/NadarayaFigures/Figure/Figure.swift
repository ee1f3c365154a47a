/// A picture as a value: panels in a grid, and everything they share.
///
/// A figure says what to show and in which words; the layout decides how it looks, and a renderer, such
/// as ``svg(idPrefix:theme:)``, only writes the result. Equal figures give equal bytes.
package struct Figure: Equatable, Sendable {
  /// The axes that all panels have in common.
  package struct SharedAxes: OptionSet, Hashable, Sendable {
    /// The set as bits.
    package let rawValue: Int

    /// Creates a set from its bits.
    ///
    /// - Parameter rawValue: 1 for x, 2 for y.
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// All panels show the same range of x, labelled once per column.
    package static let x = SharedAxes(rawValue: 1)

    /// All panels show the same range of y, labelled once per row.
    package static let y = SharedAxes(rawValue: 2)
  }

  /// Room beside the plots of a figure, in pixels.
  package struct SideRoom: Hashable, Sendable {
    /// From the left edge of the picture to the first column's plots.
    package var left: Double

    /// From the last column's plots to the right edge.
    package var right: Double

    /// Creates room; none unless given.
    ///
    /// - Parameters:
    ///   - left: From the left edge of the picture to the first column's plots.
    ///   - right: From the last column's plots to the right edge.
    package init(left: Double = 0, right: Double = 0) {
      self.left = left
      self.right = right
    }
  }

  /// The heading; empty for none.
  package var title: String

  /// What the figure shows, in a sentence or two for people who cannot see it.
  package var accessibleDescription: String

  /// A note under the panels; empty for none.
  package var caption: String

  /// The panels, row by row.
  package var panels: [Panel]

  /// The largest number of panels side by side; a narrow figure has fewer.
  package var columns: Int

  /// The axes that all panels have in common.
  ///
  /// Only panels of the same scale share limits.
  package var sharedAxes: SharedAxes

  /// How all heatmaps of the figure turn values into colours.
  package var colorScale: ColorScale

  /// The width in pixels.
  package var width: Double

  /// The height in pixels; nil for a height that gives panels a pleasant shape.
  package var height: Double?

  /// The least room beside the plots, so that plots of several figures line up; labels that need more
  /// get it.
  package var sideRoom = SideRoom()

  /// Creates a figure.
  ///
  /// - Parameters:
  ///   - title: The heading; empty for none.
  ///   - accessibleDescription: What the figure shows, for people who cannot see it.
  ///   - caption: A note under the panels; empty for none.
  ///   - panels: The panels, row by row.
  ///   - columns: The largest number of panels side by side, at least 1.
  ///   - sharedAxes: The axes that all panels have in common.
  ///   - colorScale: How all heatmaps of the figure turn values into colours.
  ///   - width: In pixels, at least 160; the figure is wider if one column does not fit.
  ///   - height: In pixels; nil to find it. The figure is taller if its contents do not fit.
  package init(
    title: String = "", accessibleDescription: String, caption: String = "", panels: [Panel],
    columns: Int = 1, sharedAxes: SharedAxes = [], colorScale: ColorScale = ColorScale(),
    width: Double = 900, height: Double? = nil
  ) {
    precondition(columns >= 1, "A figure needs at least 1 column, not \(columns).")
    precondition(width.isFinite, "A figure cannot be \(width) pixels wide.")
    precondition(height?.isFinite != false, "A figure cannot be \(height ?? 0) pixels high.")
    self.title = title
    self.accessibleDescription = accessibleDescription
    self.caption = caption
    self.panels = panels
    self.columns = columns
    self.sharedAxes = sharedAxes
    self.colorScale = colorScale
    self.width = width
    self.height = height
  }
}

extension Figure {
  /// The paper that a figure is drawn on, which determines every role's colour.
  ///
  /// On either paper people with any common colour vision can distinguish series. Custom colours look
  /// the same on both unless they are made with ``Color/init(hex:onDark:)``.
  package enum Theme: Hashable, Sendable, CaseIterable {
    /// White paper.
    case light

    /// Paper of the colour `#1d2025`: lines have a contrast of at least 3 to it, words of at least 4.5.
    case dark
  }
}
