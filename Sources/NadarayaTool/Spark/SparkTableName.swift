/// A table as the user names it, read far enough to stand in a statement.
///
/// It is what SQL has after FROM, so it can be more than a name. What it cannot do is end the statement, or hide
/// what follows it.
struct SparkTableName {
  /// As it stands after FROM.
  let source: String

  /// - Throws: ``Failure`` for a semicolon or a comment outside quotes, and for an unclosed quote.
  init(_ text: String) throws(Failure) {
    let shown = "--table \"\(SQLText.shown(text))\""
    // Scalars, since a mark over a semicolon makes another character of it, but not for Spark.
    var rest = Array(text.unicodeScalars)[...]
    var isIdentifier = true
    while let scalar = rest.first {
      switch scalar {
      case "`", "'", "\"":
        guard let end = Self.end(of: rest) else {
          throw .usage("\(shown) has an unclosed \(scalar)")
        }
        rest = rest[end...]
        isIdentifier = isIdentifier && scalar == "`"
      case ";":
        throw .usage(
          "\(shown) has a semicolon outside quotes",
          hint: "put a name with a semicolon in backquotes, as in `a;b`")
      case _ where rest.starts(with: "--".unicodeScalars) || rest.starts(with: "/*".unicodeScalars):
        throw .usage(
          "\(shown) has a comment outside quotes",
          hint: "put a name with such characters in backquotes, as in `a--b`")
      default:
        rest.removeFirst()
        let isPart =
          scalar.properties.isAlphabetic || "0123456789._".unicodeScalars.contains(scalar)
        isIdentifier = isIdentifier && isPart
      }
    }
    if isIdentifier {
      source = SQLText.identifier(text)
    } else if text.contains(where: \.isNewline) {
      throw .usage(
        "\(shown) has a line feed, so it is not a name",
        hint: "create a view of the query and give its name")
    } else {
      source = text
    }
  }

  /// The place after the quotes at the start of a text; nil where they are unclosed.
  ///
  /// A doubled quote ends one pair and begins the next, which gives the same result.
  private static func end(of text: ArraySlice<Unicode.Scalar>) -> Int? {
    let mark = text[text.startIndex]
    var place = text.startIndex + 1
    while place < text.endIndex, text[place] != mark {
      place += text[place] == "\\" && mark != "`" ? 2 : 1
    }
    return place < text.endIndex ? place + 1 : nil
  }
}
