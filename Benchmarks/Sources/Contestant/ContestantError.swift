import Nadaraya

/// What keeps the contestant from its work.
struct ContestantError: Error, CustomStringConvertible {
  enum Code {
    case invalidOption
    case unknownRequest
    case unreadable
    case unwritable
    case regression
  }

  let code: Code

  /// One sentence that holds the offending value.
  let description: String

  /// What the library said.
  let cause: KernelRegressionError?

  private init(_ code: Code, _ description: String, cause: KernelRegressionError? = nil) {
    self.code = code
    self.description = description
    self.cause = cause
  }

  static func invalidOption(_ name: String) -> Self {
    Self(.invalidOption, "\(name) is no option, or lacks a value of its kind")
  }

  static func unknownRequest(_ line: String) -> Self {
    Self(.unknownRequest, "\"\(line)\" is neither \"run\" nor \"result FILE\"")
  }

  static func unreadable(_ path: String, _ problem: String) -> Self {
    Self(.unreadable, "\(path) \(problem)")
  }

  static func unwritable(_ path: String) -> Self {
    Self(.unwritable, "\(path) cannot be written")
  }

  static func regression(_ cause: KernelRegressionError) -> Self {
    Self(.regression, "\(cause)", cause: cause)
  }
}
