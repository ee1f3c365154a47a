/// The words beside the ticks of one axis.
struct TickLabels: Hashable, Sendable {
  /// One label for each tick.
  var texts: [String]

  /// A number to add to every label, such as "+1600000000"; nil if labels are complete.
  var offset: String?

  /// Above this many significant digits labels become differences from an offset.
  private static let longestSignificand = 6

  /// Labels for ticks coefficient · 10^exponent, exact and with just the digits that distinguish them.
  ///
  /// Plain decimals if they are short, scientific notation with one common power if they are long, and
  /// differences from a stated offset if adjacent labels share too many leading digits to compare.
  init(coefficients: [Int], exponent: Int) {
    let (reduced, power) = DecimalNumber.reduced(coefficients: coefficients, exponent: exponent)
    let largest = reduced.max { $0.magnitude < $1.magnitude } ?? 0
    let widest = DecimalNumber(coefficient: largest, exponent: power)
    if widest.digits > Self.longestSignificand, let low = reduced.min(), let high = reduced.max(),
      let base = Self.offset(low: low, high: high)
    {
      let relative = TickLabels(coefficients: reduced.map { $0 - base }, exponent: power)
      let offsetLabel = Self.standalone(DecimalNumber(coefficient: base, exponent: power))
      texts = relative.texts
      offset = base < 0 ? offsetLabel : "+" + offsetLabel
      return
    }
    let plain = reduced.map { DecimalNumber(coefficient: $0, exponent: power).plain }
    let figures = power >= 0 ? widest.digits + power : max(widest.digits, 1 - power) + 1
    if figures <= (power >= 0 ? 6 : 7) {
      texts = plain
      return
    }
    let leading = widest.leadingExponent
    texts = reduced.map { coefficient in
      guard coefficient != 0 else { return "0" }
      let mantissa = DecimalNumber(coefficient: coefficient, exponent: power - leading)
      return mantissa.plain + "×10" + superscript(leading)
    }
  }

  /// The label of a single number: on a logarithmic axis, or as an offset.
  static func standalone(_ number: DecimalNumber) -> String {
    let (reduced, power) = DecimalNumber.reduced(
      coefficients: [number.coefficient], exponent: number.exponent)
    let number = DecimalNumber(coefficient: reduced[0], exponent: power)
    let leading = number.leadingExponent
    if number.coefficient == 0 || (-3...5).contains(leading) || number.digits > 7 && power >= 0 {
      return number.plain
    }
    let mantissa = DecimalNumber(coefficient: number.coefficient, exponent: power - leading)
    let figures = mantissa.plain
    return (figures == "1" ? "10" : figures + "×10") + superscript(leading)
  }

  /// The round number from which the ticks differ by few digits: one among them, or else the next
  /// below; nil if that is zero, since labels are as short without it.
  private static func offset(low: Int, high: Int) -> Int? {
    var grain = 1
    while grain <= high - low {
      guard grain < Int.max / 10 else { return nil }
      grain *= 10
    }
    let below = low - ((low % grain) + grain) % grain
    let base = below + grain <= high ? below + grain : below
    return base == 0 ? nil : base
  }
}

/// An integer in superscript digits, as in 10⁻³.
func superscript(_ integer: Int) -> String {
  let raised: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
  return String(
    String(integer).map { character in
      character.wholeNumberValue.map { raised[$0] } ?? "⁻"
    })
}
