/// How a text is delimited, once the delimiter has been found.
struct CSVDialect: Equatable {
  /// The byte between fields.
  var separator: UInt8
  /// Whether any number of spaces and tabs stand between fields; `separator` is a space then.
  var mergesBlanks = false
  /// The decimal mark.
  var decimalMark = Ascii.point
  /// The first byte of lines that are skipped.
  var comment: UInt8?

  init(separator: UInt8, mergesBlanks: Bool = false, format: TextFormat = TextFormat()) {
    self.separator = separator
    self.mergesBlanks = mergesBlanks
    decimalMark = format.decimalMark
    comment = format.comment
  }
}
