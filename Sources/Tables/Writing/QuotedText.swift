/// Untrusted text for a message: in double quotes, on one line, of limited length.
///
/// Control characters are escaped, so a hostile file can neither break the message's line nor
/// steer the terminal.
///
/// - Complexity: O(1): no more than `limit` characters are looked at.
func quoted(_ text: some StringProtocol, limit: Int = 60) -> String {
  var shown = "\""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar {
    case "\n": shown += "\\n"
    case "\r": shown += "\\r"
    case "\t": shown += "\\t"
    case _
    where scalar.properties.generalCategory == .control
      || scalar.properties.generalCategory == .format:
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return shown + (text.unicodeScalars.dropFirst(limit).isEmpty ? "\"" : "…\"")
}
