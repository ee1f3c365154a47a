/// The learned similarity beside the bandwidths of the view.
public struct LearnedAnswer: Encodable, Sendable {
  /// How much an input counts.
  public struct Importance: Encodable, Sendable {
    /// The input.
    public let input: String
    /// The distance, in bandwidths, that one standard deviation of it makes; null under scores that are no
    /// distances.
    public let scale: JSONNumber
  }

  /// Errors on rows that nothing has learned from, in variances of the values.
  public struct Errors: Encodable, Sendable {
    /// Of the learned similarity.
    public let learned: JSONNumber
    /// Of the best single bandwidth of the standardised inputs.
    public let unlearned: JSONNumber
  }

  /// The view, by parameter.
  public let view: [String: String]
  /// Whether learning helped, by rows held out.
  public let helped: Bool
  /// The same in words.
  public let sentence: String
  /// The errors behind that.
  public let errors: Errors
  /// How much each input counts.
  public let importance: [Importance]
  /// The learned curve.
  public let curve: FitAnswer.Curve
  /// The learned curve beside that of the view's bandwidths.
  public let figure: DrawnFigure
}
