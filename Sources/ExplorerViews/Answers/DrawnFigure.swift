internal import NadarayaFigures

/// A figure as it is drawn: the SVG, and where the data lie in it.
public struct DrawnFigure: Encodable, Hashable, Sendable {
  /// One axis: the values at its ends and how they are spaced.
  public struct Axis: Encodable, Hashable, Sendable {
    /// The least value.
    public let least: Double
    /// The greatest value.
    public let greatest: Double
    /// `linear` or `log10`.
    public let scale: String
    /// Whether values grow leftwards or downwards.
    public let isReversed: Bool

    init(_ place: AxisPlace) {
      least = place.limits.lowerBound
      greatest = place.limits.upperBound
      scale = place.scale == .linear ? "linear" : "log10"
      isReversed = place.isReversed
    }
  }

  /// The plot area of a panel, in user units of the SVG from its left and its top.
  public struct Place: Encodable, Hashable, Sendable {
    /// The left end.
    public let x: Double
    /// The top.
    public let y: Double
    /// The width.
    public let width: Double
    /// The height.
    public let height: Double
    /// The horizontal axis; left out where nothing is drawn.
    public let horizontal: Axis?
    /// The vertical axis; left out where nothing is drawn.
    public let vertical: Axis?

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
  public let svg: String
  /// Its width in user units.
  public let width: Double
  /// Its height in user units.
  public let height: Double
  /// The panels.
  public let places: [Place]

  init(_ figure: Figure, kind: FigureKind, theme: Figure.Theme) {
    let picture = figure.picture(idPrefix: kind.rawValue, theme: theme)
    svg = picture.svg
    width = picture.size.width
    height = picture.size.height
    places = picture.places.map(Place.init)
  }
}

/// The figures of a view.
public enum FigureKind: String, CaseIterable, Hashable, Sendable {
  /// Data, fit and interval.
  case fit
  /// The attention of queries over the keys.
  case attention
  /// The criterion along one bandwidth.
  case criterion
  /// The residuals of the rows left out.
  case residuals
  /// The weights of one query.
  case weights
  /// The learned similarity beside the unlearned one.
  case learned
}
