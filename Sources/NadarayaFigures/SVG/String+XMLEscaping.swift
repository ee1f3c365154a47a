extension String {
  /// The words as XML text or as an attribute's value.
  ///
  /// Markup characters become entities. Characters that XML 1.0 forbids are dropped; tab and line
  /// breaks become spaces.
  ///
  /// - Complexity: O(length).
  ///
  /// ## Source
  /// W3C, *Extensible Markup Language (XML) 1.0*, section 2.2, production Char.
  var escapedForXML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped += " "
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}"..."\u{FFFF}": continue
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
