/// Names, texts and numbers as Spark's SQL reads them, whatever its settings.
enum SQLText {
  /// A column's name in backquotes.
  static func name(_ name: String) -> String { "`\(name.replacing("`", with: "``"))`" }

  /// A text as an expression.
  ///
  /// What a setting may read in another way (quotes, backslashes) or a client may take for its own
  /// (semicolons, dollars) is written by its bytes.
  static func text(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0.value != 0x7f && !"'\\;$".unicodeScalars.contains($0)
    }
    guard !plain else { return "'\(text)'" }
    return "CAST(unhex('\(hexadecimal(text))') AS STRING)"
  }

  /// A double that reads back to the same bits.
  static func number(_ value: Double) -> String { "\(value)D" }

  private static func hexadecimal(_ text: String) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The text behind hexadecimal digits; nil where they are none, or not of UTF-8.
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
  /// Every line after some blanks.
  func indented(by blanks: Int) -> String {
    let margin = String(repeating: " ", count: blanks)
    return split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
  }
}
