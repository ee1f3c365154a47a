/// Coordinates as SVG writes them: hundredths of a pixel, and no idle characters.
enum SVGNumber {
  /// A coordinate in hundredths, whose differences never drift, however many are summed.
  static func hundredths(_ value: Double) -> Int { Int((value * 100).rounded()) }

  /// A number of hundredths, such as "12.5", "-.75" or "3".
  static func text(hundredths: Int) -> String {
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    guard rest != 0 else { return "\(sign)\(whole)" }
    let leading = whole == 0 ? "" : String(whole)
    let fraction =
      rest.isMultiple(of: 10) ? "\(rest / 10)" : (rest < 10 ? "0\(rest)" : "\(rest)")
    return "\(sign)\(leading).\(fraction)"
  }

  /// A number rounded to hundredths.
  static func text(_ value: Double) -> String { text(hundredths: hundredths(value)) }
}

extension String {
  /// Adds a number of path data, with a space only where the number before would run into it.
  mutating func appendPathNumber(_ number: String) {
    if let last = utf8.last, last >= UInt8(ascii: "0"), last <= UInt8(ascii: "9"),
      number.utf8.first != UInt8(ascii: "-")
    {
      append(" ")
    }
    append(number)
  }
}
