/// Why a view cannot be shown.
///
/// Faults of the table itself are a ``/Tables/TableError``, faults of its numbers a
/// ``/KernelRegression/KernelRegressionError``; this error is about the request.
package struct ExplorationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of error.
  package enum Kind: Hashable, Sendable {
    /// The request is malformed for any table.
    case badRequest
    /// The request is well formed, but this table has no answer to it.
    case unprocessable
    /// The requested resource does not exist.
    case notFound
  }

  /// The kind of error.
  package let kind: Kind

  /// One sentence that names the parameter and the offending value, without a final full stop.
  package let message: String

  /// What may help, if known.
  package let hint: String?

  /// The parameter at fault, if any.
  package let parameter: String?

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - kind: The kind of error.
  ///   - message: One sentence that contains the offending value, without a final full stop.
  ///   - hint: What may help; nil if unknown.
  ///   - parameter: The parameter at fault; nil if there is none.
  package init(_ kind: Kind, _ message: String, hint: String? = nil, parameter: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.parameter = parameter
  }

  /// The message, and the hint, if any, on a line of its own.
  package var description: String { hint.map { "\(message)\nhint: \($0)" } ?? message }
}

/// External text in double quotes, on one line and of limited length.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(60).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      ? "\u{fffd}" : String(scalar)
  }
  return "\"\(shown.joined())\(text.unicodeScalars.dropFirst(60).isEmpty ? "" : "…")\""
}
