/// A figure as drawn, with what a page needs to put a marker on it or to read a pointer over it.
public struct Picture: Hashable, Sendable {
  /// Width and height in user units of the SVG: those of its `viewBox`, which starts at (0, 0).
  public struct Size: Hashable, Sendable {
    /// The width, which may be more than the figure asked for: what does not fit makes it wider.
    public let width: Double

    /// The height.
    public let height: Double
  }

  /// The SVG document, as ``Figure/svg(idPrefix:theme:)`` gives it.
  public let svg: String

  /// The size of the picture.
  public let size: Size

  /// Where each panel's axes lie in the picture, in the order of ``Figure/panels``.
  public let places: [PanelPlace]
}

extension Figure {
  /// The size of the drawn picture, whichever its theme.
  ///
  /// - Complexity: that of drawing the figure; where its text is wanted too, ask for
  ///   ``picture(idPrefix:theme:)``.
  public var size: Picture.Size { FigureLayout(self).size }

  /// Where each panel's axes lie in the drawn picture, whichever its theme, in the order of ``panels``.
  ///
  /// - Complexity: that of drawing the figure; where its text is wanted too, ask for
  ///   ``picture(idPrefix:theme:)``.
  public var places: [PanelPlace] { FigureLayout(self).panels.map(\.place) }
}

extension FigureLayout {
  var size: Picture.Size { Picture.Size(width: width, height: height) }
}
