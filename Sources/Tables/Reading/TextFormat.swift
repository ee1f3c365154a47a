/// The format of delimited text, where it is not detected or is not the usual one.
///
/// ```swift
/// let german = TextFormat(delimiter: .byte(UInt8(ascii: ";")), decimalMark: UInt8(ascii: ","))
/// let input = try TableInput(.file("messwerte.csv"), format: german)
/// ```
package struct TextFormat: Hashable, Sendable {
  /// What stands between fields.
  package enum Delimiter: Hashable, Sendable {
    /// One ASCII byte; between two of them is an empty field.
    case byte(UInt8)
    /// Any number of spaces and tabs, as in columns that are aligned; those around a row are none of it.
    case blanks
  }

  /// What stands between fields; nil to find it from the header and the first rows.
  package var delimiter: Delimiter?

  /// What stands before the decimals of a number: a point or a comma.
  package var decimalMark: UInt8

  /// A byte with which lines begin that are passed over, header or not; nil where there are none.
  package var comment: UInt8?

  /// The usual format: the delimiter is detected, decimals follow a point, no line is skipped.
  ///
  /// - Precondition: the delimiter is neither the decimal mark nor a quote, a line end or NUL.
  package init(
    delimiter: Delimiter? = nil, decimalMark: UInt8 = UInt8(ascii: "."), comment: UInt8? = nil
  ) {
    precondition(
      decimalMark == Ascii.point || decimalMark == Ascii.comma,
      "the decimal mark must be a point or a comma")
    precondition(delimiter != .byte(decimalMark), "the delimiter and the decimal mark must differ")
    if case .byte(let byte) = delimiter {
      precondition(
        byte < 0x80 && ![0, Ascii.quote, Ascii.newline, Ascii.carriageReturn].contains(byte),
        "this byte cannot separate fields")
    }
    self.delimiter = delimiter
    self.decimalMark = decimalMark
    self.comment = comment
  }
}
