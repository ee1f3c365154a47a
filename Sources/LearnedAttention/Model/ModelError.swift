/// Why a saved model cannot be read.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of error.
  @nonexhaustive public enum Code: Sendable {
    /// Something other than a model.
    case notAModel
    /// A version that this program cannot read.
    case unknownVersion
    /// A form of similarity that does not exist.
    case unknownForm
    /// Parts whose shapes or numbers do not agree.
    case inconsistent
    /// Content that has changed since it was written.
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
