/// A frame: everything that a move of the bandwidth slider changes.
package struct FitAnswer: Encodable, Sendable {
  /// The view with all that follows from the rows written out, by parameter.
  package let view: [String: String]
  /// What is shown, for people.
  package let words: Words
  /// One bandwidth for each input.
  package let bandwidth: [Double]
  /// Sensible ends of a slider for each bandwidth.
  package let ranges: [SliderRange]
  /// The criterion at these bandwidths.
  package let criterion: CriterionValue
  /// tr(H); null where it does not exist, or was left out of a quick answer.
  package let effectiveDegreesOfFreedom: JSONNumber
  /// R² after Doksum and Samarov; null alike.
  package let rSquared: JSONNumber
  /// At how many places of the curve no key supports it.
  package let emptyQueries: Int
  /// Whether nothing was left out because a quick answer was asked for.
  package let isComplete: Bool
  /// The numbers behind the curve.
  package let curve: Curve
  /// What to know before the picture is believed, a sentence each.
  package let warnings: [String]
  /// The shell command that gives the picture.
  package let command: String
  /// The Swift program that gives the estimates.
  package let code: String
  /// The pictures.
  package let figures: Figures

  /// Title and summary.
  package struct Words: Encodable, Sendable {
    /// What is estimated by what.
    package let title: String
    /// Kernel, degree and bandwidths in a sentence.
    package let summary: String
  }

  /// The ends of a slider.
  package struct SliderRange: Encodable, Hashable, Sendable {
    /// The least bandwidth.
    package let least: Double
    /// The greatest bandwidth.
    package let greatest: Double
  }

  /// A criterion and its value.
  package struct CriterionValue: Encodable, Sendable {
    /// What the criterion is called.
    package let name: String
    /// Its value in the unit of the values; null where it does not exist, or was left out of a quick
    /// answer.
    package let value: JSONNumber
  }

  /// A curve with its interval.
  package struct Curve: Encodable, Sendable {
    /// Places along the input.
    package let x: [Double]
    /// The estimates; null where no key supports one.
    package let estimate: JSONNumbers
    /// The lower ends; left out where there is no interval.
    package let lower: JSONNumbers?
    /// The upper ends; left out where there is no interval.
    package let upper: JSONNumbers?
    /// The estimate corrected for bias, on which the interval is centred; left out where there is none.
    package let centre: JSONNumbers?
  }

  /// The pictures of a frame.
  package struct Figures: Encodable, Sendable {
    /// Data, fit and interval.
    package let fit: DrawnFigure
    /// The attention of queries over the keys, on the same horizontal axis.
    package let attention: DrawnFigure
    /// The residuals of the rows left out, where the view shows them.
    package let residuals: DrawnFigure?
  }
}
