/// A position in delimited text that moves field by field.
///
/// The grammar is RFC 4180's with what tables meet in the wild: any one-byte separator, or any number of
/// blanks; rows ended by CRLF, LF or a lone CR, the last one's end optional; lines of comment. A quote opens a quoted field only as the
/// field's first byte; inside an unquoted field it is a byte like any other. A NUL byte is nowhere
/// text.
///
/// ## Source
/// RFC 4180, doi:10.17487/RFC4180.
struct CSVCursor {
  let bytes: ByteView
  let dialect: CSVDialect
  private let separator: UInt8
  private let mergesBlanks: Bool

  /// Where reading stops; line ends at the end of the text lie beyond it.
  let end: Int

  /// The next byte to read.
  var position: Int

  /// The 1-based physical line of `position`.
  private(set) var line = 1

  /// The separator in each of eight bytes.
  private let separators: UInt64

  init(_ bytes: ByteView, dialect: CSVDialect, from start: Int = 0) {
    self.bytes = bytes
    self.dialect = dialect
    separator = dialect.separator
    mergesBlanks = dialect.mergesBlanks
    var end = bytes.count
    while end > start, isLineEnd(bytes[end - 1]) { end -= 1 }
    self.end = end
    position = start
    separators = UInt64(separator) &* 0x0101_0101_0101_0101
  }

  var isAtEnd: Bool { position >= end }

  /// Whether a row ends here, by a line end or with the text.
  @inline(__always)
  var isAtRowEnd: Bool { position >= end || isLineEnd(bytes[position]) }

  /// Whether the field ends here.
  @inline(__always)
  func isFieldEnd(_ position: Int) -> Bool {
    guard position < end else { return true }
    let byte = bytes[position]
    return byte == separator || isLineEnd(byte) || mergesBlanks && byte == Ascii.tab
  }

  /// Steps over the separator before another field of the row, if there is one.
  @inline(__always)
  mutating func moveToNextField() -> Bool {
    guard !mergesBlanks else { return moveOverBlanks() }
    guard position < end, bytes[position] == separator else { return false }
    position &+= 1
    return true
  }

  /// Steps over the blanks before another field of the row, or before its end.
  ///
  /// - Returns: whether there is another field.
  @inline(never)
  private mutating func moveOverBlanks() -> Bool {
    let start = position
    while position < end, bytes[position] == Ascii.space || bytes[position] == Ascii.tab {
      position += 1
    }
    return position > start && !isAtRowEnd
  }

  /// Steps over the blanks before a row of aligned columns.
  mutating func skipBlanks() { _ = moveOverBlanks() }

  /// Steps over lines that hold nothing at all and lines of comment, and the blanks before a row.
  mutating func skipLinesWithoutRow() throws(CSVFault) {
    while !isAtEnd {
      if mergesBlanks { skipBlanks() }
      if isAtRowEnd {
        moveToNextLine()
      } else if isAtComment {
        try skipComment()
      } else {
        return
      }
    }
  }

  /// Whether a line of comment begins at the row that begins here.
  @inline(__always)
  var isAtComment: Bool { position < end && bytes[position] == dialect.comment }

  /// Steps over the line that begins here, whatever it holds.
  @inline(never)
  mutating func skipComment() throws(CSVFault) {
    let start = position
    while !isAtRowEnd {
      if bytes[position] == 0 { throw .zeroByte(line: line) }
      position += 1
      if position - start > TableLimits.rowBytes { throw .longRow(line: line) }
    }
    moveToNextLine()
  }

  /// Steps over the line end at `position`.
  @inline(__always)
  mutating func moveToNextLine() {
    guard position < end else { return }
    if bytes[position] == Ascii.carriageReturn, position &+ 1 < end,
      bytes[position &+ 1] == Ascii.newline
    {
      position &+= 1
    }
    position &+= 1
    line &+= 1
  }

  /// Steps over a field of any kind.
  ///
  /// - Complexity: O(length).
  @inline(__always)
  mutating func field() throws(CSVFault) -> CSVField {
    if position < end, bytes[position] == Ascii.quote { return try quotedField() }
    let start = position
    let stop = fieldStop
    while stop &- position >= 8, isPlain(bytes.word(at: position)) { position &+= 8 }
    while !isFieldEnd(position) {
      if bytes[position] == 0 { throw .zeroByte(line: line) }
      if position >= stop { throw .longField(line: line) }
      position &+= 1
    }
    return CSVField(content: start..<position, isQuoted: false)
  }

  /// The position by which a field that begins here must have ended.
  @inline(__always)
  var fieldStop: Int { min(end, position &+ TableLimits.fieldBytes) }

  /// Whether none of eight bytes is the separator, a line end or NUL.
  ///
  /// Asks for no byte below 14 and none equal to the separator, eight at a time (the tests
  /// `hasless` and `hasvalue` of Anderson's "Bit Twiddling Hacks"); the answer may be no in vain.
  @inline(__always)
  private func isPlain(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let difference = word ^ separators
    let low = (word &- ones &* 14) & ~word
    let equal = (difference &- ones) & ~difference
    return (low | equal) & 0x8080_8080_8080_8080 == 0
  }

  @inline(never)
  private mutating func quotedField() throws(CSVFault) -> CSVField {
    let openingLine = line
    let stop = fieldStop
    position += 1
    let start = position
    while position < stop {
      switch bytes[position] {
      case Ascii.quote where position + 1 < end && bytes[position + 1] == Ascii.quote:
        position += 2
      case Ascii.quote:
        let field = CSVField(content: start..<position, isQuoted: true)
        position += 1
        guard isFieldEnd(position) else { throw .textAfterQuote(field) }
        return field
      case Ascii.newline, Ascii.carriageReturn:
        moveToNextLine()
      case 0:
        throw .zeroByte(line: line)
      default:
        position += 1
      }
    }
    throw position < end ? .longField(line: openingLine) : .unclosedQuote(line: openingLine)
  }
}

@inline(__always)
private func isLineEnd(_ byte: UInt8) -> Bool {
  byte == Ascii.newline || byte == Ascii.carriageReturn
}
