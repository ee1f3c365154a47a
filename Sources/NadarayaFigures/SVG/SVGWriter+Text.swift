extension SVGWriter {
  /// Writes a line of words.
  ///
  /// Superscript digits, which few fonts draw evenly, become smaller digits on a raised baseline.
  mutating func write(_ line: TextLine) {
    let x = SVGNumber.text(line.place.x)
    let y = SVGNumber.text(line.place.y)
    text += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(SVGNumber.text(line.style.size))\""
    if line.style.isBold { text += " font-weight=\"bold\"" }
    switch line.anchor {
    case .start: break
    case .middle: text += " text-anchor=\"middle\""
    case .end: text += " text-anchor=\"end\""
    }
    let runs = Self.runs(line.string)
    if runs.count > 1 { text += " xml:space=\"preserve\"" }
    if line.isRotated { text += " transform=\"rotate(-90 \(x) \(y))\"" }
    text += " fill=\"\(svg(line.style.color))\">"
    text += Self.spans(runs, size: line.style.size)
    text += "</text>\n"
  }

  private static let raised: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁻": "\u{2212}",
  ]

  /// Words split where superscript digits begin and end.
  private static func runs(_ string: String) -> [(isRaised: Bool, words: String)] {
    var runs: [(isRaised: Bool, words: String)] = []
    for character in string {
      let digit = raised[character]
      if runs.last?.isRaised != (digit != nil) { runs.append((digit != nil, "")) }
      runs[runs.count - 1].words.append(digit ?? character)
    }
    return runs
  }

  /// Runs in separate spans.
  ///
  /// librsvg drops a space at the start of a span, even if there is no line break, unless the text
  /// preserves spaces.
  private static func spans(_ runs: [(isRaised: Bool, words: String)], size: Double) -> String {
    let rise = SVGNumber.text(size * 0.36)
    var text = ""
    for (index, run) in runs.enumerated() {
      if run.isRaised {
        let small = SVGNumber.text(size * Helvetica.superscriptScale)
        text += "<tspan dy=\"-\(rise)\" font-size=\"\(small)\">\(run.words)</tspan>"
      } else if index > 0 {
        text += "<tspan dy=\"\(rise)\">\(run.words.escapedForXML)</tspan>"
      } else {
        text += run.words.escapedForXML
      }
    }
    return text
  }
}

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
