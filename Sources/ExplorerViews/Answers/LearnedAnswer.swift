/// The learned similarity beside the bandwidths of the view.
package struct LearnedAnswer: Encodable, Sendable {
  /// How much an input counts.
  package struct Importance: Encodable, Sendable {
    /// The input.
    package let input: String
    /// The distance, in bandwidths, that one standard deviation of it makes; null under scores that are no
    /// distances.
    package let scale: JSONNumber
  }

  /// Errors on rows that nothing has learned from, in variances of the values.
  package struct Errors: Encodable, Sendable {
    /// Of the learned similarity.
    package let learned: JSONNumber
    /// Of the best single bandwidth of the standardised inputs.
    package let unlearned: JSONNumber
  }

  /// The view, by parameter.
  package let view: [String: String]
  /// Whether learning helped, by rows held out.
  package let helped: Bool
  /// The same in words.
  package let sentence: String
  /// The errors behind that.
  package let errors: Errors
  /// How much each input counts.
  package let importance: [Importance]
  /// The learned curve.
  package let curve: FitAnswer.Curve
  /// The learned curve beside that of the view's bandwidths.
  package let figure: DrawnFigure
}
