/// A figure as drawn, with what a page needs to put a marker on it or to read a pointer over it.
package struct Picture: Hashable, Sendable {
  /// Width and height in user units of the SVG: those of its `viewBox`, which starts at (0, 0).
  package struct Size: Hashable, Sendable {
    /// The width, which may be more than the figure asked for: what does not fit makes it wider.
    package let width: Double

    /// The height.
    package let height: Double
  }

  /// The SVG document, as ``Figure/svg(idPrefix:theme:)`` gives it.
  package let svg: String

  /// The size of the picture.
  package let size: Size

  /// Where each panel's axes lie in the picture, in the order of ``Figure/panels``.
  package let places: [PanelPlace]
}

extension Figure {
  /// The size of the drawn picture, whichever its theme.
  ///
  /// - Complexity: that of drawing the figure; where its text is wanted too, ask for
  ///   ``picture(idPrefix:theme:)``.
  package var size: Picture.Size { FigureLayout(self).size }

  /// Where each panel's axes lie in the drawn picture, whichever its theme, in the order of ``panels``.
  ///
  /// - Complexity: that of drawing the figure; where its text is wanted too, ask for
  ///   ``picture(idPrefix:theme:)``.
  package var places: [PanelPlace] { FigureLayout(self).panels.map(\.place) }
}

extension FigureLayout {
  var size: Picture.Size { Picture.Size(width: width, height: height) }
}
