/// What went wrong with a table on its way in or a result on its way out.
///
/// A value of this type is one sentence that names the place and holds the offending value:
/// `cars.csv:17: column "dist": "abc" is not a number`.
package struct TableError: Error, Hashable, Sendable {
  /// The kind of fault, for callers that act on it.
  package let code: Code

  /// Where the fault lies, or `nil` where no byte of a table was read or written.
  package let place: Place?

  /// One sentence with the place and the offending value, without a final full stop.
  package let message: String

  /// What the reader may do about it, where that is known.
  package let hint: String?

  init(code: Code, at place: Place, _ problem: String, hint: String? = nil) {
    self.code = code
    self.place = place
    self.message = "\(place): \(problem)"
    self.hint = hint
  }

  init(code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.place = nil
    self.message = message
    self.hint = hint
  }
}

extension TableError {
  /// The kinds of fault.
  package enum Code: String, CaseIterable, Hashable, Sendable {
    /// The input does not exist.
    case noSuchFile
    /// The input exists and cannot be read: a directory, no permission, a failing disk.
    case unreadable
    /// The bytes are not a table of the kind they claim to be.
    case malformed
    /// A quote opens a field and is never closed.
    case unclosedQuote
    /// A field, a row or a header is longer than ``TableLimits`` allow.
    case tooLong
    /// The memory does not suffice for the input.
    case outOfMemory
    /// The table has no rows to compute with.
    case empty
    /// A row has more or fewer fields than the header.
    case raggedRow
    /// A column was asked for that the header does not have.
    case noSuchColumn
    /// A column was asked for whose name occurs twice in the header.
    case duplicateColumn
    /// A field that should be a number is text.
    case notANumber
    /// A field that should be a number is empty, NaN or a word such as `NA`.
    case missingValue
    /// A number is infinite.
    case notFinite
    /// A number is too large for a double, an integer that a double does not hold, or negative in a column
    /// that allows none.
    case outOfRange
    /// A label that does not occur among those it is compared with.
    case unknownLevel
    /// The values have no form in the output format.
    case unsupportedValue
    /// The output cannot be created or written.
    case cannotWrite
  }
}

extension TableError: CustomStringConvertible {
  /// The message, and the hint, if any, on a line of its own.
  package var description: String {
    guard let hint else { return message }
    return "\(message)\nhint: \(hint)"
  }
}
