/// Finding the separator of delimited text from its header and first rows.
enum CSVSeparator {
  /// The separators that a header may be split by, the likeliest first.
  private static let candidates = [Ascii.comma, Ascii.tab, Ascii.semicolon, Ascii.pipe]

  /// Rows looked at after the header.
  private static let sampleRows = 25

  /// Bytes looked at, unless the header alone is longer.
  private static let sampleBytes = 1 << 18

  /// The separator that fits best.
  ///
  /// A candidate must split the header in two at least; it fits the better, the more of the first
  /// rows it splits into as many fields as the header, then the more fields there are, then the
  /// earlier it stands among comma, tab, semicolon, pipe. So the comma in `height (cm, net);name`
  /// does not win over the semicolon. Where no candidate splits the header, single spaces are taken
  /// if they split header and most of the first rows alike; they are last because a single column
  /// may well be called `stopping distance`. Where nothing splits the header there is one column.
  ///
  /// - Complexity: O(sample), five times at most.
  static func find(in bytes: ByteView, from start: Int) -> UInt8 {
    var best: (fit: Fit, separator: UInt8)?
    for separator in candidates {
      let fit = Fit(of: separator, in: bytes, from: start)
      guard fit.fieldCount > 1 else { continue }
      if let held = best?.fit, fit <= held { continue }
      best = (fit, separator)
    }
    if let best { return best.separator }
    let spaces = Fit(of: Ascii.space, in: bytes, from: start)
    let isTable = spaces.fieldCount > 1 && spaces.matchingRows * 2 > spaces.rowCount
    return isTable ? Ascii.space : Ascii.comma
  }

  /// How well a separator explains the first rows.
  private struct Fit: Comparable {
    /// Fields in the header.
    var fieldCount = 0
    /// Rows looked at.
    var rowCount = 0
    /// Those among them with as many fields as the header.
    var matchingRows = 0

    init(of separator: UInt8, in bytes: ByteView, from start: Int) {
      var cursor = CSVCursor(bytes, separator: separator, from: start)
      cursor.skipBlankLines()
      // Text that ends early, inside quotes or at a NUL, is judged by what was read before.
      guard let headerCount = try? cursor.fieldCountOfRow() else { return }
      fieldCount = headerCount
      while !cursor.isAtEnd, rowCount < CSVSeparator.sampleRows,
        cursor.position - start < CSVSeparator.sampleBytes
      {
        cursor.skipBlankLines()
        guard let count = try? cursor.fieldCountOfRow() else { return }
        rowCount += 1
        if count == headerCount { matchingRows += 1 }
      }
    }

    static func < (first: Fit, second: Fit) -> Bool {
      (first.matchingRows, first.fieldCount) < (second.matchingRows, second.fieldCount)
    }
  }
}

extension CSVCursor {
  /// Steps over lines that hold nothing at all.
  mutating func skipBlankLines() {
    while !isAtEnd, isAtRowEnd { moveToNextLine() }
  }

  /// Steps over a row and its line end.
  ///
  /// - Returns: the number of its fields.
  fileprivate mutating func fieldCountOfRow() throws(CSVFault) -> Int {
    var count = 0
    repeat {
      _ = try field()
      count += 1
    } while moveToNextField()
    moveToNextLine()
    return count
  }
}
