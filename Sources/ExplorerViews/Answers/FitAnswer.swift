/// A frame: everything that a move of the bandwidth slider changes.
package struct FitAnswer: Encodable, Sendable {
  /// The view by parameter, with everything that follows from the rows written out.
  package let view: [String: String]
  /// What is shown, for people.
  package let words: Words
  /// One bandwidth for each input.
  package let bandwidth: [Double]
  /// Sensible ends of a slider for each bandwidth.
  package let ranges: [SliderRange]
  /// The criterion at these bandwidths.
  package let criterion: CriterionValue
  /// tr(H); null if it does not exist or was left out of a quick answer.
  package let effectiveDegreesOfFreedom: JSONNumber
  /// R² after Doksum and Samarov; null in the same cases.
  package let rSquared: JSONNumber
  /// The number of places of the curve that no key supports.
  package let emptyQueries: Int
  /// Whether nothing was left out for a quick answer.
  package let isComplete: Bool
  /// The numbers behind the curve.
  package let curve: Curve
  /// What to know before trusting the picture, one sentence each.
  package let warnings: [String]
  /// The shell command that draws the picture.
  package let command: String
  /// The Swift program that computes the estimates.
  package let code: String
  /// The pictures.
  package let figures: Figures

  /// Title and summary.
  package struct Words: Encodable, Sendable {
    /// What is estimated from which inputs.
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
    /// Its value in the unit of the values; null if it does not exist or was left out of a quick answer.
    package let value: JSONNumber
  }

  /// A curve with its interval.
  package struct Curve: Encodable, Sendable {
    /// Places along the input.
    package let x: [Double]
    /// The estimates; null where no key supports one.
    package let estimate: JSONNumbers
    /// The lower ends; omitted if there is no interval.
    package let lower: JSONNumbers?
    /// The upper ends; omitted if there is no interval.
    package let upper: JSONNumbers?
    /// The bias-corrected estimate, on which the interval is centred; omitted if there is none.
    package let centre: JSONNumbers?
  }

  /// The pictures of a frame.
  package struct Figures: Encodable, Sendable {
    /// Data, fit and interval.
    package let fit: DrawnFigure
    /// The attention of queries over the keys, on the same horizontal axis.
    package let attention: DrawnFigure
    /// The leave-one-out residuals, if the view shows them.
    package let residuals: DrawnFigure?
  }
}
