/// The content of a field where a number is expected.
enum NumberField {
  case number(Double)
  /// A number beyond the largest double.
  case tooLarge
  /// Infinity, spelt out.
  case infinite
  /// Nothing, or a word for nothing.
  case missing
  /// Any other text.
  case text

  /// Reads the bytes of a field; spaces around them have been taken away.
  ///
  /// - Complexity: O(length).
  init(_ bytes: ByteView, _ range: Range<Int>, decimalMark: UInt8 = Ascii.point) {
    var position = range.lowerBound
    if let value = DecimalScanner.number(
      bytes, at: &position, end: range.upperBound, decimalMark: decimalMark),
      position == range.upperBound
    {
      self = value.isInfinite ? .tooLarge : .number(value)
      return
    }
    // The longest word that means something here is "-infinity".
    let word = bytes.bytes(range).prefix(10).map(Ascii.lowercased)
    if Self.missingWords.contains(where: { word.elementsEqual($0.utf8) }) {
      self = .missing
    } else if Self.infiniteWords.contains(where: { word.elementsEqual($0.utf8) }) {
      self = .infinite
    } else {
      self = .text
    }
  }

  private static let missingWords = ["", "na", "n/a", "#n/a", "nan", "null", "none"]

  private static let infiniteWords = ["", "+", "-"].flatMap { ["\($0)inf", "\($0)infinity"] }
}
