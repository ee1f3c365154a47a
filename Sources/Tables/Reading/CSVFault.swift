/// Why a text is not a table, before the file and the column are known.
enum CSVFault: Error {
  /// A quote that opens a field on this line is never closed.
  case unclosedQuote(line: Int)
  /// A quoted field, which lies here without its quotes, is followed by more than a field's end.
  case textAfterQuote(CSVField)
  /// A NUL on this line.
  case zeroByte(line: Int)
  /// A field that begins on this line is longer than is allowed.
  case longField(line: Int)
  /// A row that begins on this line is longer than is allowed.
  case longRow(line: Int)
  /// The header has more columns than are allowed.
  case manyColumns
  /// A column name that is not UTF-8, by its 0-based place in the header.
  case invalidText(Int)

  /// The fault as a sentence.
  ///
  /// - Parameter row: the place of the row, and of the column where it has a name.
  func tableError(in bytes: ByteView, row: TableError.Place) -> TableError {
    switch self {
    case .unclosedQuote(let line):
      TableError(
        code: .unclosedQuote, at: TableError.Place(name: row.name, line: line, column: row.column),
        "the quote that opens here is never closed")
    case .longField(let line):
      .tooLong(
        "the field that begins here is longer than \(TableLimits.fieldBytes >> 20) MiB",
        at: TableError.Place(name: row.name, line: line, column: row.column),
        hint: "is an opening quote never closed?")
    case .longRow(let line):
      .tooLong(
        "the row that begins here is longer than \(TableLimits.rowBytes >> 20) MiB",
        at: TableError.Place(name: row.name, line: line),
        hint: "does the table have line breaks?")
    case .manyColumns:
      .tooLong(
        "the header has more than \(TableLimits.columns) columns",
        at: TableError.Place(name: row.name, line: row.line))
    case .textAfterQuote(let field):
      .malformed(
        "there is text after the closing quote of \(quoted(field.text(in: bytes, limit: 1024)))",
        at: row, hint: "a quote inside a quoted field is written twice: \"\"")
    case .zeroByte(let line):
      .malformed(
        "there is a NUL byte (0x00), so this is binary data, not a text table",
        at: TableError.Place(name: row.name, line: line))
    case .invalidText(let column):
      .malformed("the name of column \(column + 1) is not valid UTF-8", at: row)
    }
  }
}
