// Goals, in order of priority:
//
// 1. Every result is correctly rounded (to nearest, ties to even), so a number reads as the same
//    bits here as with any correct `strtod`. There is no fast mode in which the last digit may
//    differ: what one program wrote would not survive being read by another.
// 2. Numbers as people and programs write them, up to 19 digits and with a decimal exponent of
//    −27…27 once the point is moved to the end, never leave these few lines.
// 3. Everything else is declined (nil), not approximated, and left to the standard library.
//
// With a significand m < 2⁶⁴ and a decimal exponent e, m·10ᵉ = m·5ᵉ·2ᵉ, and 5²⁷ < 2⁶³ fits one
// word. Then m·5ᵉ is an exact 128-bit product, and m/5⁻ᵉ a quotient whose remainder tells whether
// anything was cut off: 64 leading bits and one "sticky" bit decide the rounding to 53 bits without
// doubt. No result is subnormal or overflows: 10⁻²⁷ ≤ m·10ᵉ < 2⁶⁴·10²⁷.
//
// Rejected: Eisel–Lemire (Lemire 2021, doi:10.1002/spe.2984) covers all exponents, at the price of
// a table of 650 128-bit powers; exponents beyond ±27 are too rare in tables to pay for it.
//
// Source of the first branch: Clinger 1990, "How to read floating point numbers accurately",
// doi:10.1145/93542.93557: m ≤ 2⁵³ and 10^|e| ≤ 10²² are both doubles, so one IEEE operation
// rounds once.

enum DecimalConversion {
  /// The double nearest to m·10ᵉ, or `nil` where this method does not reach.
  ///
  /// - Parameters:
  ///   - significand: m, any.
  ///   - exponent: e; results are given for −27…27 at least.
  /// - Complexity: O(1).
  @inline(__always)
  static func nearestDouble(_ significand: UInt64, tenTo exponent: Int) -> Double? {
    if significand <= 1 << 53 {
      if exponent <= 0, exponent >= -22 { return Double(significand) / powersOfTen[-exponent] }
      if exponent > 0, exponent <= 22 { return Double(significand) * powersOfTen[exponent] }
      if significand == 0 { return 0 }
    }
    guard exponent >= -27, exponent <= 27 else { return nil }
    return exponent < 0
      ? quotient(significand, fiveTo: -exponent) : product(significand, fiveTo: exponent)
  }

  /// m·5ᵏ·2ᵏ, rounded once.
  private static func product(_ significand: UInt64, fiveTo power: Int) -> Double {
    let (high, low) = significand.multipliedFullWidth(by: powersOfFive[power])
    guard high != 0 else {
      let shift = low.leadingZeroBitCount
      return rounded(low << shift, isCutOff: false, exponent: power - shift)
    }
    let shift = high.leadingZeroBitCount
    // `>>` by 64 is 0 in Swift, as wanted where nothing is to be shifted in.
    let leading = high << shift | low >> (64 - shift)
    return rounded(leading, isCutOff: low << shift != 0, exponent: power + 64 - shift)
  }

  /// m/5ᵏ·2⁻ᵏ, rounded once.
  private static func quotient(_ significand: UInt64, fiveTo power: Int) -> Double {
    let shift = significand.leadingZeroBitCount
    let dividend = significand << shift
    let divisorShift = powersOfFive[power].leadingZeroBitCount
    let divisor = powersOfFive[power] << divisorShift
    // Both have their top bit set, so halving a dividend that is not the smaller one keeps the
    // quotient within 2⁶³..<2⁶⁴: 64 significant bits either way.
    let half = dividend >= divisor
    let (leading, remainder) = divisor.dividingFullWidth(
      half ? (dividend >> 1, dividend << 63) : (dividend, 0))
    return rounded(
      leading, isCutOff: remainder != 0,
      exponent: divisorShift - shift - power - (half ? 63 : 64))
  }

  /// `leading`·2^exponent, and a little more where bits were cut off, to 53 bits.
  ///
  /// - Precondition: the top bit of `leading` is set, and the result is a normal number.
  @inline(__always)
  private static func rounded(_ leading: UInt64, isCutOff: Bool, exponent: Int) -> Double {
    assert(leading.leadingZeroBitCount == 0)
    var significand = leading >> 11
    let rest = leading & 0x7FF
    let half: UInt64 = 0x400
    if rest > half || (rest == half && (isCutOff || significand & 1 == 1)) { significand += 1 }
    // Adding, not joining: a significand that was rounded up to 2⁵³ carries into the exponent.
    let biased = UInt64(exponent + 63 + 1023)
    return Double(bitPattern: (biased << 52) + (significand - (1 << 52)))
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private static let powersOfFive: [UInt64] = [
    1, 5, 25, 125, 625, 3125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125,
    244_140_625, 1_220_703_125, 6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125,
    3_814_697_265_625, 19_073_486_328_125, 95_367_431_640_625, 476_837_158_203_125,
    2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625, 298_023_223_876_953_125,
    1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
  ]
}
