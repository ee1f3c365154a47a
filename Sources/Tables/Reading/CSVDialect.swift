/// All that is known of how a text is delimited, once the delimiter has been found.
struct CSVDialect: Equatable {
  /// The byte between fields.
  var separator: UInt8
  /// Whether any number of spaces and tabs stand between fields; `separator` is a space then.
  var mergesBlanks = false
  /// What stands before decimals.
  var decimalMark = Ascii.point
  /// The byte with which lines begin that are passed over.
  var comment: UInt8?

  init(separator: UInt8, mergesBlanks: Bool = false, format: TextFormat = TextFormat()) {
    self.separator = separator
    self.mergesBlanks = mergesBlanks
    decimalMark = format.decimalMark
    comment = format.comment
  }
}
