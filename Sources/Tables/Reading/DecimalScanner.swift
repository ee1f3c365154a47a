/// Reads decimal numbers out of bytes.
///
/// The grammar is `[+-] digits [. digits] [(e|E) [+-] digits]` with at least one digit before or
/// after the point, or a comma where decimals follow commas. Hexadecimal numbers, `inf`, `nan` and digit
/// separators are not in it.
enum DecimalScanner {
  /// Reads the number that starts at `position` and moves to the first byte after it.
  ///
  /// - Returns: the nearest double, ±∞ where the number is too large for one, ±0 where it is too
  ///   small; or `nil`, with `position` unspecified, where no number starts there.
  /// - Complexity: O(1) for numbers of up to 19 digits, O(length) otherwise.
  @inline(__always)
  static func number(
    _ bytes: ByteView, at position: inout Int, end: Int, decimalMark: UInt8 = Ascii.point
  ) -> Double? {
    let start = position
    var index = position
    var isNegative = false
    if index < end, bytes[index] == Ascii.minus || bytes[index] == Ascii.plus {
      isNegative = bytes[index] == Ascii.minus
      index &+= 1
    }
    // The significand wraps around after 19 digits; whether it did is only asked at the end.
    var significand: UInt64 = 0
    let firstDigit = index
    digits(bytes, at: &index, end: end, into: &significand)
    var digitCount = index &- firstDigit
    var exponent = 0
    if index < end, bytes[index] == decimalMark {
      index &+= 1
      let firstDecimal = index
      digits(bytes, at: &index, end: end, into: &significand)
      exponent = firstDecimal &- index
      digitCount &-= exponent
    }
    guard digitCount > 0 else { return nil }
    if index < end, bytes[index] | 0x20 == Ascii.e {
      index &+= 1
      guard let shift = self.exponent(bytes, at: &index, end: end) else { return nil }
      exponent &+= shift
    }
    position = index
    if digitCount <= 19,
      let magnitude = DecimalConversion.nearestDouble(significand, tenTo: exponent)
    {
      return isNegative ? -magnitude : magnitude
    }
    return longNumber(bytes, start..<index)
  }

  /// Adds the digits from `index` on to a significand, wrapping around on overflow.
  @inline(__always)
  private static func digits(
    _ bytes: ByteView, at index: inout Int, end: Int, into significand: inout UInt64
  ) {
    while end &- index >= 8, let eight = DigitWord(bytes.word(at: index)) {
      significand = significand &* 100_000_000 &+ eight.value
      index &+= 8
    }
    while index < end {
      let digit = bytes[index] &- Ascii.zero
      guard digit < 10 else { return }
      significand = significand &* 10 &+ UInt64(digit)
      index &+= 1
    }
  }

  /// The signed integer after an `e`, held within bounds that no conversion reaches.
  private static func exponent(_ bytes: ByteView, at index: inout Int, end: Int) -> Int? {
    var isNegative = false
    if index < end, bytes[index] == Ascii.minus || bytes[index] == Ascii.plus {
      isNegative = bytes[index] == Ascii.minus
      index &+= 1
    }
    let firstDigit = index
    var magnitude = 0
    while index < end {
      let digit = bytes[index] &- Ascii.zero
      guard digit < 10 else { break }
      magnitude = min(magnitude &* 10 &+ Int(digit), 1 << 40)
      index &+= 1
    }
    guard index > firstDigit else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// The way for the few numbers that ``DecimalConversion`` declines.
  ///
  /// The standard library's conversion is correctly rounded and, unlike `strtod`, deaf to the
  /// process's locale.
  @inline(never)
  private static func longNumber(_ bytes: ByteView, _ range: Range<Int>) -> Double? {
    let digits = bytes.bytes(range).map { $0 == Ascii.comma ? Ascii.point : $0 }
    return Double(String(decoding: digits, as: UTF8.self))
  }
}

/// Eight ASCII digits in one word, the first in the lowest byte.
private struct DigitWord {
  private let word: UInt64

  /// Fails unless all eight bytes are digits.
  @inline(__always)
  init?(_ word: UInt64) {
    // Adding 6 to the low half of a byte that holds '0'…'9' leaves its high half 3; any other byte
    // has a high half other than 3 before or after.
    let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    let threes: UInt64 = 0x3030_3030_3030_3030
    guard word & high == threes, (word &+ 0x0606_0606_0606_0606) & high == threes else {
      return nil
    }
    self.word = word
  }

  /// The number that the digits write: pairs, then fours, then all eight, each by one multiply.
  @inline(__always)
  var value: UInt64 {
    let digits = word & 0x0F0F_0F0F_0F0F_0F0F
    let pairs = ((digits &* (10 << 8 | 1)) >> 8) & 0x00FF_00FF_00FF_00FF
    let fours = ((pairs &* (100 << 16 | 1)) >> 16) & 0x0000_FFFF_0000_FFFF
    return (fours &* (10_000 << 32 | 1)) >> 32
  }
}
