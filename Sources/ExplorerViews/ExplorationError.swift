/// Why a view cannot be shown.
///
/// Faults of the table itself are a ``/Tables/TableError``, those of the numbers in it a
/// ``/KernelRegression/KernelRegressionError``; this is what is wrong with the question.
package struct ExplorationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Whose fault it is.
  package enum Kind: Hashable, Sendable {
    /// The question is malformed, whatever the table.
    case badRequest
    /// The question is well formed and this table has no answer to it.
    case unprocessable
    /// What is asked for does not exist.
    case notFound
  }

  /// Whose fault it is.
  package let kind: Kind

  /// One sentence that names the parameter and holds the offending value, without a final full stop.
  package let message: String

  /// What may help, where that is known.
  package let hint: String?

  /// The parameter that is at fault, if it is one.
  package let parameter: String?

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - kind: Whose fault it is.
  ///   - message: One sentence that holds the offending value, without a final full stop.
  ///   - hint: What may help; nil where nothing is known.
  ///   - parameter: The parameter at fault; nil where it is none.
  package init(_ kind: Kind, _ message: String, hint: String? = nil, parameter: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.parameter = parameter
  }

  /// The message, and the hint, if any, on a line of its own.
  package var description: String { hint.map { "\(message)\nhint: \($0)" } ?? message }
}

/// Text from outside in double quotes, on one line and of bearable length.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(60).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      ? "\u{fffd}" : String(scalar)
  }
  return "\"\(shown.joined())\(text.unicodeScalars.dropFirst(60).isEmpty ? "" : "…")\""
}
