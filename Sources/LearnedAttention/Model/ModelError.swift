/// The reason why a saved model cannot be read.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of error.
  @nonexhaustive public enum Code: Sendable {
    /// Something else than a model.
    case notAModel
    /// A version that another program wrote.
    case unknownVersion
    /// A form of similarity that there is none of.
    case unknownForm
    /// Parts whose shapes or numbers do not agree.
    case inconsistent
    /// Content that is not what was written.
    case damaged
  }

  /// The kind of error.
  public let code: Code

  /// One sentence that contains the offending value and its place.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
