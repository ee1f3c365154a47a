/// The looks of a line of words.
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

  /// The width of a line of words, in pixels; of the widest where there are several.
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
