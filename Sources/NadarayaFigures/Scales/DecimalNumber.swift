/// An exact decimal number, coefficient · 10^exponent.
///
/// Ticks are multiples of 1, 2, 2.5 or 5 times a power of ten, so they are stored in decimal: a label
/// is then exactly its tick, and never a binary neighbour such as 0.30000000000000004.
struct DecimalNumber: Hashable, Sendable {
  var coefficient: Int
  var exponent: Int

  /// The nearest `Double`.
  var value: Double { Double("\(coefficient)e\(exponent)") ?? .nan }

  /// The number of digits of the coefficient, 1 for zero.
  var digits: Int { Self.digits(of: coefficient) }

  /// The power of ten of the leading digit.
  var leadingExponent: Int { digits - 1 + exponent }

  /// The number of digits of an integer, 1 for zero.
  static func digits(of integer: Int) -> Int {
    var rest = integer.magnitude
    var count = 1
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count
  }

  /// The same numbers with the largest exponent that they can share, so that no digit is redundant.
  ///
  /// - Parameter coefficients: Integers that share the exponent.
  static func reduced(
    coefficients: [Int], exponent: Int
  ) -> (coefficients: [Int], exponent: Int) {
    guard coefficients.contains(where: { $0 != 0 }) else { return (coefficients, 0) }
    var coefficients = coefficients
    var exponent = exponent
    while coefficients.allSatisfy({ $0.isMultiple(of: 10) }) {
      coefficients = coefficients.map { $0 / 10 }
      exponent += 1
    }
    return (coefficients, exponent)
  }

  /// The number written in full, with U+2212 for the minus sign and no exponent.
  var plain: String {
    let sign = coefficient < 0 ? "\u{2212}" : ""
    var figures = String(coefficient.magnitude)
    guard exponent < 0 else {
      return coefficient == 0 ? "0" : sign + figures + String(repeating: "0", count: exponent)
    }
    let missing = 1 - exponent - figures.count
    if missing > 0 { figures = String(repeating: "0", count: missing) + figures }
    let point = figures.index(figures.endIndex, offsetBy: exponent)
    return sign + figures[..<point] + "." + figures[point...]
  }
}
