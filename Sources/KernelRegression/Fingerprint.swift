/// A hash, the same on every machine, that detects accidental changes.
///
/// Numbers and texts are hashed with their lengths, so different contents never give the same bytes. Each
/// step is a bijection of the state for a given byte and of the byte for a given state: a change of a
/// single byte is always detected, any other with probability 1 − 2⁻⁶⁴. It guards against damage, not
/// against deception.
///
/// ## Source
/// G. Fowler, L. C. Noll, K.-P. Vo and D. Eastlake, The FNV non-cryptographic hash algorithm, RFC 9923:
/// 64-bit FNV-1a.
package struct Fingerprint {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func add(_ bits: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: bits >> shift)) }
  }

  package mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(0xff as UInt8)
  }

  package mutating func add(_ numbers: some Collection<Double>) {
    add(UInt64(numbers.count))
    for number in numbers { add(number.bitPattern) }
  }

  package mutating func add(_ texts: some Collection<String>) {
    add(UInt64(texts.count))
    for text in texts { add(text) }
  }

  private mutating func add(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }

  /// Sixteen hexadecimal digits.
  package var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
