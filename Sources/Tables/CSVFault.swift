/// What makes text no table, before it is known which file and column it is in.
enum CSVFault: Error {
  /// A quote that opens a field on this line is never closed.
  case unclosedQuote(line: Int)
  /// A quoted field, which lies here without its quotes, is followed by more than a field's end.
  case textAfterQuote(CSVField)
  /// A NUL on this line.
  case zeroByte(line: Int)
  /// A column name that is not UTF-8, by its 0-based place in the header.
  case invalidText(Int)

  /// The fault as a sentence.
  ///
  /// - Parameter row: the place of the row, and of the column where it has a name.
  func tableError(in bytes: ByteView, row: TableError.Place) -> TableError {
    switch self {
    case .unclosedQuote(let line):
      .malformed(
        "the quote that opens here is never closed",
        at: TableError.Place(name: row.name, line: line, column: row.column))
    case .textAfterQuote(let field):
      .malformed(
        "there is text after the closing quote of \(quoted(field.text(in: bytes, limit: 1024)))",
        at: row, hint: "a quote inside a quoted field is written twice: \"\"")
    case .zeroByte(let line):
      .malformed(
        "a NUL byte (0x00): this is binary data, not a table in text",
        at: TableError.Place(name: row.name, line: line))
    case .invalidText(let column):
      .malformed("the name of column \(column + 1) is not valid UTF-8", at: row)
    }
  }
}
