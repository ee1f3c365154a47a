/// How a line is drawn.
package struct Stroke: Hashable, Sendable {
  /// The dash pattern of a line, so that curves differ even without colour.
  package enum Dash: Hashable, Sendable, CaseIterable {
    /// Unbroken.
    case solid

    /// Dashes.
    case dashed

    /// Alternating dashes and dots.
    case dashDotted

    /// Dots.
    case dotted
  }

  /// The colour.
  package var color: Color

  /// The width in pixels.
  package var width: Double

  /// The dash pattern.
  package var dash: Dash

  /// 0 for invisible to 1 for opaque.
  package var opacity: Double

  /// Creates a stroke.
  ///
  /// - Parameters:
  ///   - color: The colour.
  ///   - width: In pixels, positive.
  ///   - dash: The dash pattern.
  ///   - opacity: 0 to 1.
  package init(_ color: Color, width: Double = 1.8, dash: Dash = .solid, opacity: Double = 1) {
    self.color = color
    self.width = width
    self.dash = dash
    self.opacity = opacity
  }

  /// A fitted curve: solid strong blue.
  package static let fit = Stroke(.fit, width: 2.2)

  /// The centre of an interval beside a fitted curve: thin, in the fit's colour.
  package static let centre = Stroke(.fit, width: 1)

  /// The truth behind simulated data: dashed magenta.
  package static let truth = Stroke(.truth, width: 1.8, dash: .dashed)

  /// A reference line: thin dashed grey.
  package static let reference = Stroke(.quietText, width: 1.2, dash: .dashed)

  /// The stroke of one of several curves in a panel; both its colour and its dash pattern distinguish
  /// it.
  ///
  /// - Parameter index: 0 or more; colours repeat after 7, dash patterns after 4, pairs after 28.
  package static func series(_ index: Int) -> Stroke {
    Stroke(
      Color.series[index % Color.series.count],
      dash: Dash.allCases[index % Dash.allCases.count])
  }
}
