internal import NadarayaFigures

/// A figure as it is drawn: the SVG, and where the data lie in it.
package struct DrawnFigure: Encodable, Hashable, Sendable {
  /// One axis: the values at its ends and how they are spaced.
  package struct Axis: Encodable, Hashable, Sendable {
    /// The least value.
    package let least: Double
    /// The greatest value.
    package let greatest: Double
    /// `linear` or `log10`.
    package let scale: String
    /// Whether values grow leftwards or downwards.
    package let isReversed: Bool

    init(_ place: AxisPlace) {
      least = place.limits.lowerBound
      greatest = place.limits.upperBound
      scale = place.scale == .linear ? "linear" : "log10"
      isReversed = place.isReversed
    }
  }

  /// The plot area of a panel, in user units of the SVG from its top left corner.
  package struct Place: Encodable, Hashable, Sendable {
    /// The left end.
    package let x: Double
    /// The top.
    package let y: Double
    /// The width.
    package let width: Double
    /// The height.
    package let height: Double
    /// The horizontal axis; omitted where nothing is drawn.
    package let horizontal: Axis?
    /// The vertical axis; omitted where nothing is drawn.
    package let vertical: Axis?

    init(_ place: PanelPlace) {
      x = place.x
      y = place.y
      width = place.width
      height = place.height
      horizontal = place.horizontal.map(Axis.init)
      vertical = place.vertical.map(Axis.init)
    }
  }

  /// The SVG document.
  package let svg: String
  /// Its width in user units.
  package let width: Double
  /// Its height in user units.
  package let height: Double
  /// The panels.
  package let places: [Place]

  init(_ figure: Figure, kind: FigureKind, theme: Figure.Theme) {
    let picture = figure.picture(idPrefix: kind.rawValue, theme: theme)
    svg = picture.svg
    width = picture.size.width
    height = picture.size.height
    places = picture.places.map(Place.init)
  }
}

/// The figures of a view.
package enum FigureKind: String, CaseIterable, Hashable, Sendable {
  /// Data, fit and interval.
  case fit
  /// The attention of queries over the keys.
  case attention
  /// The criterion along one bandwidth.
  case criterion
  /// The leave-one-out residuals.
  case residuals
  /// The weights of one query.
  case weights
  /// The learned similarity beside the unlearned one.
  case learned
}
