/// Names, texts and numbers as Spark's SQL reads them, whatever its settings.
enum SQLText {
  /// A column's name.
  static func name(_ name: String) -> String { identifier(backquoted(name)) }

  /// A name in backquotes.
  static func backquoted(_ name: String) -> String {
    let doubled = name.unicodeScalars.flatMap { $0 == "`" ? [$0, $0] : [$0] }
    return "`\(String(String.UnicodeScalarView(doubled)))`"
  }

  /// An identifier with its backquotes, as a statement can hold it.
  ///
  /// What clients and settings read in another way, and line feeds, which they may take for others, stand as
  /// bytes in an IDENTIFIER clause, which Spark has from 3.5 on.
  static func identifier(_ identifier: String) -> String {
    let isPlain =
      isPlain(identifier)
      && !["\"", "--", "/*"].contains { identifier.utf8.contains($0.utf8) }
    return isPlain ? identifier : "IDENTIFIER(\(bytes(identifier)))"
  }

  private static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { !isControl($0) && !"'\\;$".unicodeScalars.contains($0) }
  }

  /// An expression for a text.
  ///
  /// What a setting may read in another way (quotes, backslashes) or a client may take for its own
  /// (semicolons, dollars) is written by its bytes.
  static func text(_ text: String) -> String {
    isPlain(text) ? "'\(text)'" : bytes(text)
  }

  private static func bytes(_ text: String) -> String {
    "CAST(unhex('\(hexadecimal(text))') AS STRING)"
  }

  /// A name on one line, for messages.
  static func shown(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.map { isControl($0) ? " " : $0 }))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }

  /// A double that reads back to the same bits.
  static func number(_ value: Double) -> String { "\(value)D" }

  private static func hexadecimal(_ text: String) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The text of hexadecimal digits; nil where they are not digits or not UTF-8.
  static func text(hexadecimal digits: Substring) -> String? {
    let digits = Array(digits.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[place..<place + 2], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16) else { return nil }
      bytes.append(byte)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension String {
  /// The text with every line indented.
  func indented(by blanks: Int) -> String {
    let margin = String(repeating: " ", count: blanks)
    return split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
  }
}
