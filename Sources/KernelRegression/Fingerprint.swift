/// A hash that is the same on every machine, and that tells content changed by accident.
///
/// Numbers and texts go in with their lengths, so that no two contents are one sequence of bytes. A step
/// of the hash is a bijection of its state for each byte and of the byte for each state: a change of a
/// single byte always shows, any other with a chance of 1 − 2⁻⁶⁴. It guards against damage, not
/// against somebody who wants to deceive.
///
/// ## Source
/// G. Fowler, L. C. Noll, K.-P. Vo and D. Eastlake, The FNV non-cryptographic hash algorithm, RFC 9923:
/// FNV-1a of 64 bits.
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
