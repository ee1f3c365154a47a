extension TextStyle {
  /// Words broken into lines no wider than asked for.
  ///
  /// Breaks fall at spaces; a word wider than a line is broken inside. Line breaks in the text are
  /// kept.
  ///
  /// - Parameters:
  ///   - text: Any words; empty words give no lines.
  ///   - width: In pixels. At least one character stands on every line, however narrow.
  /// - Complexity: O(length).
  func lines(of text: String, width: Double) -> [String] {
    // Readers without Helvetica see wider letters.
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
