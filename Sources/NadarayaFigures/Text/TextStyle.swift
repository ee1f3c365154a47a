/// The style of a line of text.
struct TextStyle: Hashable, Sendable {
  /// The size of the font in pixels.
  var size: Double

  var isBold = false
  var color: Color

  static let figureTitle = TextStyle(size: 16, isBold: true, color: .title)
  static let panelTitle = TextStyle(size: 12.5, isBold: true, color: .title)
  static let subtitle = TextStyle(size: 11, color: .quietText)
  static let axisLabel = TextStyle(size: 12, color: .text)
  static let tick = TextStyle(size: 11, color: .text)
  static let legend = TextStyle(size: 12, color: .text)
  static let caption = TextStyle(size: 11, color: .quietText)
  static let notice = TextStyle(size: 12, color: .quietText)

  /// The height of tall letters above the baseline, in units of the size.
  static let ascent = 0.76

  /// The depth of letters below the baseline, in units of the size.
  static let descent = 0.22

  /// The distance from the middle of digits to their baseline, in units of the size.
  static let middle = 0.36

  /// The distance between lines.
  var lineHeight: Double { (size * 1.3).rounded() }

  /// The width of a line of text, in pixels; of the widest if there are several.
  ///
  /// - Complexity: O(length).
  func width(of string: String) -> Double {
    var widest = 0.0
    var width = 0.0
    for scalar in string.unicodeScalars {
      width = scalar == "\n" ? 0 : width + Helvetica.advance(of: scalar, isBold: isBold)
      widest = max(widest, width)
    }
    return widest * size / 1000
  }
}

extension TextStyle {
  /// Text broken into lines of at most a given width.
  ///
  /// Breaks fall at spaces; a word wider than a line is broken inside. Line breaks in the text are
  /// kept.
  ///
  /// - Parameters:
  ///   - text: Any words; empty words give no lines.
  ///   - width: In pixels. Every line has at least one character, however narrow.
  /// - Complexity: O(length).
  func lines(of text: String, width: Double) -> [String] {
    // Without Helvetica, letters are wider.
    let room = width * 0.95
    return text.split(whereSeparator: \.isNewline).flatMap { paragraph in
      var lines: [String] = []
      var line = ""
      for word in paragraph.split(whereSeparator: \.isWhitespace) {
        let longer = line.isEmpty ? String(word) : line + " " + word
        if self.width(of: longer) <= room {
          line = longer
          continue
        }
        if !line.isEmpty { lines.append(line) }
        var pieces = broken(word, width: room)
        line = pieces.removeLast()
        lines += pieces
      }
      return line.isEmpty ? lines : lines + [line]
    }
  }

  /// A word in pieces that fit; one piece if it fits.
  private func broken(_ word: Substring, width room: Double) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var filled = 0.0
    for character in word {
      let advance = width(of: String(character))
      if !piece.isEmpty, filled + advance > room {
        pieces.append(piece)
        piece = ""
        filled = 0
      }
      piece.append(character)
      filled += advance
    }
    return pieces + [piece]
  }
}
