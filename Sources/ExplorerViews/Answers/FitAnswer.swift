/// A frame: everything that a move of the bandwidth slider changes.
public struct FitAnswer: Encodable, Sendable {
  /// The view with all that follows from the rows written out, by parameter.
  public let view: [String: String]
  /// What is shown, for people.
  public let words: Words
  /// One bandwidth for each input.
  public let bandwidth: [Double]
  /// Sensible ends of a slider for each bandwidth.
  public let ranges: [SliderRange]
  /// The criterion at these bandwidths.
  public let criterion: CriterionValue
  /// tr(H); null where it does not exist, or was left out of a quick answer.
  public let effectiveDegreesOfFreedom: JSONNumber
  /// R² after Doksum and Samarov; null alike.
  public let rSquared: JSONNumber
  /// At how many places of the curve no key supports it.
  public let emptyQueries: Int
  /// Whether nothing was left out because a quick answer was asked for.
  public let isComplete: Bool
  /// The numbers behind the curve.
  public let curve: Curve
  /// What to know before the picture is believed, a sentence each.
  public let warnings: [String]
  /// The shell command that gives the picture.
  public let command: String
  /// The Swift program that gives the estimates.
  public let code: String
  /// The pictures.
  public let figures: Figures

  /// Title and summary.
  public struct Words: Encodable, Sendable {
    /// What is estimated by what.
    public let title: String
    /// Kernel, degree and bandwidths in a sentence.
    public let summary: String
  }

  /// The ends of a slider.
  public struct SliderRange: Encodable, Hashable, Sendable {
    /// The least bandwidth.
    public let least: Double
    /// The greatest bandwidth.
    public let greatest: Double
  }

  /// A criterion and its value.
  public struct CriterionValue: Encodable, Sendable {
    /// What the criterion is called.
    public let name: String
    /// Its value in the unit of the values; null where it does not exist, or was left out of a quick
    /// answer.
    public let value: JSONNumber
  }

  /// A curve with its interval.
  public struct Curve: Encodable, Sendable {
    /// Places along the input.
    public let x: [Double]
    /// The estimates; null where no key supports one.
    public let estimate: JSONNumbers
    /// The lower ends; left out where there is no interval.
    public let lower: JSONNumbers?
    /// The upper ends; left out where there is no interval.
    public let upper: JSONNumbers?
    /// The estimate corrected for bias, on which the interval is centred; left out where there is none.
    public let centre: JSONNumbers?
  }

  /// The pictures of a frame.
  public struct Figures: Encodable, Sendable {
    /// Data, fit and interval.
    public let fit: DrawnFigure
    /// The attention of queries over the keys, on the same horizontal axis.
    public let attention: DrawnFigure
    /// The residuals of the rows left out, where the view shows them.
    public let residuals: DrawnFigure?
  }
}
