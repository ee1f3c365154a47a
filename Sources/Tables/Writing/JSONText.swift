/// JSON strings.
///
/// ## Source
/// RFC 8259, doi:10.17487/RFC8259.
package enum JSONText {
  /// A text in quotes, with characters escaped where JSON requires it.
  ///
  /// - Complexity: O(bytes).
  package static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(Ascii.quote)
    for byte in text.utf8 {
      switch byte {
      case Ascii.quote, Ascii.backslash:
        bytes.append(Ascii.backslash)
        bytes.append(byte)
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default:
        bytes.append(byte)
      }
    }
    bytes.append(Ascii.quote)
  }
}
