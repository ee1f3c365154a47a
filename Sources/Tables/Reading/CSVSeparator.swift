/// Finding the separator of delimited text from its header and first rows.
enum CSVSeparator {
  /// The separators that a header may be split by, the likeliest first.
  private static let candidates = [Ascii.comma, Ascii.tab, Ascii.semicolon, Ascii.pipe]

  /// Rows looked at after the header.
  private static let sampleRows = 25

  /// Bytes looked at, unless the header alone is longer.
  static let sampleBytes = 1 << 18

  /// The dialect that fits best, or that the format says.
  ///
  /// A candidate must split the header in two at least; it fits the better, the more of the first
  /// rows it splits into as many fields as the header, then the larger the share of numbers among their
  /// fields, then the more fields there are, then the earlier it stands among comma, tab, semicolon,
  /// pipe. So the comma in `height (cm, net);name` does not win over the semicolon, nor do those in
  /// `a, b;c, d` over `1,5;2,5`: between semicolons these are numbers with a decimal comma, between commas
  /// `5;2` is none.
  ///
  /// Where no candidate splits the header, or none any row like the header, spaces are taken if they split
  /// header and most of the first rows alike: single ones, or any number of them where that splits more
  /// rows so, as in columns that are aligned. They are last because a single column may well be called
  /// `stopping distance`. Where nothing splits the header there is one column.
  ///
  /// - Complexity: O(sample), six times at most.
  static func find(
    in bytes: ByteView, from start: Int, format: TextFormat = TextFormat()
  ) -> CSVDialect {
    switch format.delimiter {
    case .byte(let byte): return CSVDialect(separator: byte, format: format)
    case .blanks:
      return CSVDialect(separator: Ascii.space, mergesBlanks: true, format: format)
    case nil: break
    }
    var best: (fit: Fit, dialect: CSVDialect)?
    for separator in candidates where separator != format.decimalMark {
      let dialect = CSVDialect(separator: separator, format: format)
      let fit = Fit(of: dialect, in: bytes, from: start)
      guard fit.fieldCount > 1 else { continue }
      if let held = best?.fit, fit <= held { continue }
      best = (fit, dialect)
    }
    if let best, best.fit.matchingRows > 0 || best.fit.rowCount == 0 { return best.dialect }
    let spaces = [false, true].map { mergesBlanks in
      let dialect = CSVDialect(
        separator: Ascii.space, mergesBlanks: mergesBlanks, format: format)
      return (fit: Fit(of: dialect, in: bytes, from: start), dialect: dialect)
    }
    // Two spaces in a header are no column without a name.
    let single = spaces[0].fit.namesAll ? spaces[0] : spaces[1]
    let found = spaces[1].fit.matchingRows > single.fit.matchingRows ? spaces[1] : single
    if found.fit.fieldCount > 1, found.fit.matchingRows * 2 > found.fit.rowCount {
      return found.dialect
    }
    return best?.dialect
      ?? CSVDialect(
        separator: format.decimalMark == Ascii.comma ? Ascii.semicolon : Ascii.comma,
        format: format)
  }

  /// How well a separator explains the first rows.
  private struct Fit: Comparable {
    /// Fields in the header.
    var fieldCount = 0
    /// Whether each of them holds something.
    var namesAll = true
    /// Rows looked at.
    var rowCount = 0
    /// Those among them with as many fields as the header.
    var matchingRows = 0
    /// Numbers among the fields of those.
    var numberCount = 0

    init(of dialect: CSVDialect, in bytes: ByteView, from start: Int) {
      var cursor = CSVCursor(bytes, dialect: dialect, from: start)
      // Text that ends early, inside quotes or at a NUL, is judged by what was read before.
      guard (try? cursor.skipLinesWithoutRow()) != nil,
        let header = try? cursor.countFields(where: { $0.content.isEmpty })
      else { return }
      fieldCount = header.all
      namesAll = header.met == 0
      // Before the decimals of numbers there may be a comma, unless it separates them.
      let marks =
        dialect.separator == Ascii.comma ? [Ascii.point] : [Ascii.point, Ascii.comma]
      while !cursor.isAtEnd, rowCount < CSVSeparator.sampleRows,
        cursor.position - start < CSVSeparator.sampleBytes
      {
        guard (try? cursor.skipLinesWithoutRow()) != nil, !cursor.isAtEnd,
          let row = try? cursor.countFields(where: { field in
            marks.contains { field.isNumber(in: bytes, decimalMark: $0) }
          })
        else { return }
        rowCount += 1
        if row.all == fieldCount {
          matchingRows += 1
          numberCount += row.met
        }
      }
    }

    /// The share of numbers among the fields of matching rows.
    private var numberShare: Double {
      matchingRows == 0 ? 0 : Double(numberCount) / Double(matchingRows * fieldCount)
    }

    static func < (first: Fit, second: Fit) -> Bool {
      (first.matchingRows, first.numberShare, first.fieldCount)
        < (second.matchingRows, second.numberShare, second.fieldCount)
    }
  }
}

extension CSVField {
  fileprivate func isNumber(in bytes: ByteView, decimalMark: UInt8) -> Bool {
    if case .number = NumberField(bytes, trimmed(in: bytes).content, decimalMark: decimalMark) {
      true
    } else {
      false
    }
  }
}

extension CSVCursor {
  /// Steps over a row and its line end.
  ///
  /// - Returns: the number of its fields, and of those that meet a condition.
  fileprivate mutating func countFields(
    where condition: (CSVField) -> Bool
  ) throws(CSVFault) -> (all: Int, met: Int) {
    let (line, start) = (line, position)
    var count = (all: 0, met: 0)
    repeat {
      let field = try field()
      if position - start > TableLimits.rowBytes { throw .longRow(line: line) }
      count.all += 1
      if condition(field) { count.met += 1 }
    } while moveToNextField()
    moveToNextLine()
    return count
  }
}
