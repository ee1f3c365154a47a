/// Where a field's text lies, without the quotes around it.
struct CSVField {
  let content: Range<Int>
  let isQuoted: Bool

  /// The field's text, doubled quotes made single; bytes that are not UTF-8 are replaced.
  ///
  /// - Parameter limit: bytes after which the text is cut, so that a message about a field of a
  ///   gigabyte costs no gigabyte.
  func text(in bytes: ByteView, limit: Int = .max) -> String {
    String(decoding: plainBytes(in: bytes, limit: limit), as: UTF8.self)
  }

  /// The field's text, or `nil` where it is not UTF-8.
  func validText(in bytes: ByteView) -> String? {
    String(validating: plainBytes(in: bytes, limit: .max), as: UTF8.self)
  }

  private func plainBytes(in bytes: ByteView, limit: Int) -> [UInt8] {
    var plain: [UInt8] = []
    var index = content.lowerBound
    let end = content.lowerBound + min(limit, content.count)
    while index < end {
      plain.append(bytes[index])
      index += isQuoted && bytes[index] == Ascii.quote ? 2 : 1
    }
    return plain
  }

  /// The text as a name or a label, without the spaces around it unless quoted; `nil` where it is not
  /// UTF-8.
  func label(in bytes: ByteView) -> String? {
    (isQuoted ? self : trimmed(in: bytes)).validText(in: bytes)
  }

  /// The field without the spaces around it.
  func trimmed(in bytes: ByteView) -> CSVField {
    var start = content.lowerBound
    var end = content.upperBound
    while start < end, isBlank(bytes[start]) { start += 1 }
    while start < end, isBlank(bytes[end - 1]) { end -= 1 }
    return CSVField(content: start..<end, isQuoted: isQuoted)
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == Ascii.space || byte == Ascii.tab }
