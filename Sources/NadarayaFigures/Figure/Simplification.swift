/// A detail that is left out because the picture has too few pixels to show it.
package struct Simplification: Hashable, Sendable, CustomStringConvertible {
  /// What was left out.
  package enum Kind: Hashable, Sendable {
    /// A heatmap's cells were averaged: from `rows` and `columns` to `shownRows` and `shownColumns`.
    case averagedCells(rows: Int, columns: Int, shownRows: Int, shownColumns: Int)

    /// Points were merged on a grid of pixels: `count` points into `dots` dots.
    case mergedPoints(count: Int, dots: Int)
  }

  /// What was left out.
  package var kind: Kind

  /// The position of the panel in the figure, from 0.
  package var panel: Int

  /// The number of panels in the figure.
  package var panelCount: Int

  /// The title of the panel; without one, the label of x if panels differ in it.
  package var panelTitle: String

  /// One sentence for the caption of a figure on light paper.
  package var description: String { description(in: .light) }

  /// One sentence for a caption.
  ///
  /// - Parameter theme: The paper: many points in one place contrast with it.
  func description(in theme: Figure.Theme) -> String {
    let place =
      switch (panelTitle.isEmpty, panelCount) {
      case (_, ...1): ""
      case (true, _): "In panel \(panel + 1), "
      case (false, _): "In “\(panelTitle)”, "
      }
    switch kind {
    case .averagedCells(let rows, let columns, let shownRows, let shownColumns):
      return "\(place)\(rows) × \(columns) cells are averaged to \(shownRows) × "
        + "\(shownColumns)."
    case .mergedPoints(let count, let dots):
      return "\(place)\(count) points are merged into \(dots) dots, "
        + "\(theme == .light ? "darker" : "brighter") where more meet."
    }
  }
}

extension Figure {
  /// Every detail that the picture leaves out; empty for most figures.
  ///
  /// The same sentences end the description that screen readers get.
  ///
  /// - Complexity: that of drawing the figure.
  package var simplifications: [Simplification] { FigureLayout(self).simplifications }
}
