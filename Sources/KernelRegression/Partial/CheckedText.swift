/// Text of sums that ends with a check, which detects a changed character.
///
/// The check is a hash of the text and of the numbers beside it in a line: the query, or the number of
/// rows.
enum CheckedText {
  /// The text with its check.
  static func text(_ content: String, beside numbers: [Int]) -> String {
    "\(content) \(check(content, numbers))"
  }

  /// The text without its check.
  ///
  /// - Throws: ``KernelRegressionError`` if the check does not match the text and the numbers.
  static func content(
    _ text: some StringProtocol, beside numbers: [Int]
  ) throws(KernelRegressionError) -> String {
    let text = String(text)
    guard let end = text.utf8.lastIndex(of: UInt8(ascii: " ")) else { throw damaged(text) }
    let content = String(text[..<end])
    guard text[end...].dropFirst() == check(content, numbers) else { throw damaged(text) }
    return content
  }

  private static func damaged(_ text: String) -> KernelRegressionError {
    KernelRegressionError(
      .damagedText,
      "\"\(text.prefix(80))\(text.utf8.count > 80 ? "…" : "")\" was changed after it was written")
  }

  private static func check(_ content: String, _ numbers: [Int]) -> String {
    var hash = Fingerprint()
    for number in numbers { hash.add(UInt64(bitPattern: Int64(number))) }
    hash.add(content)
    return "#" + hash.text
  }
}
