import Foundation
import Testing

@testable import Tables

/// The law throughout: a number reads as the bits that the C library's `strtod` gives, which is
/// correctly rounded on every system that the package runs on.
@Suite struct DecimalConversionTests {
  private func scanned(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { buffer in
      var position = 0
      let bytes = ByteView(buffer)
      let value = DecimalScanner.number(bytes, at: &position, end: bytes.count)
      return position == bytes.count ? value : nil
    }
  }

  private func expectSameAsC(_ text: String, _ location: SourceLocation = #_sourceLocation) {
    let expected = strtod(text, nil)
    #expect(
      scanned(text)?.bitPattern == expected.bitPattern, "\(text)", sourceLocation: location)
  }

  @Test(
    "Zeros, extremes and the borders between the ways of conversion",
    arguments: [
      "0", "-0", "+0", "0.0", "-0.0e10", "0e999999999999999999999", "00000000000000000000000001",
      "0.00000000000000000000000000000000000001", ".5", "5.", "-.5e-3", "+1.25E+2", "1e0",
      "9007199254740992", "9007199254740993", "9007199254740991e22", "9007199254740992e22",
      "9007199254740993e22", "1e22", "1e23", "1e-22", "1e-23", "9007199254740993e-22",
      "18446744073709551615", "18446744073709551616", "9999999999999999999",
      "9999999999999999999e27", "9999999999999999999e28", "9999999999999999999e-27",
      "9999999999999999999e-28", "1e27", "1e-27", "123456789012345678901234567890",
      "2.2250738585072014e-308", "2.2250738585072011e-308", "4.9406564584124654e-324", "2e-324",
      "2.4703282292062328e-324", "1e-400", "1.7976931348623157e308", "1.7976931348623158e308",
      "1.7976931348623159e308", "8.41", "0.1", "0.3", "1e-5", "6.02214076e23",
      "00000000000000000000000000000000000000000000000000001.5",
    ])
  func edges(_ text: String) { expectSameAsC(text) }

  @Test(
    "What is no decimal number is refused",
    arguments: [
      "", "+", "-", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "--1", "+-1", "1.2.3", "1_000",
      "1,5", "0x10", "0x1p3", "inf", "nan", "1d5", "1 2", "12345678a", "1234567890123456x", "１",
      "1e5.0", "- 1",
    ])
  func refused(_ text: String) { #expect(scanned(text) == nil) }

  @Test("Eight bytes are eight digits only if each of them is one")
  func wordOfDigits() {
    for place in 0..<8 {
      for byte in UInt8.min...UInt8.max where !(0x30...0x39).contains(byte) {
        var bytes = Array("1234567812345678".utf8)
        bytes[place] = byte
        let expected = Int(String(decoding: bytes[..<place], as: UTF8.self))
        let value: Double? = bytes.withUnsafeBufferPointer { buffer in
          var position = 0
          let value = DecimalScanner.number(ByteView(buffer), at: &position, end: buffer.count)
          return position == place ? value : nil
        }
        let isPartOfNumber =
          [0x2E, 0x65, 0x45].contains(byte) || (place == 0 && (byte == 0x2B || byte == 0x2D))
        if !isPartOfNumber { #expect(value == expected.map(Double.init), "\(byte) at \(place)") }
      }
    }
  }

  @Test("Random digits of every length, point anywhere, every exponent")
  func randomDecimals() {
    var random = SplitMix64(state: 1)
    for _ in 0..<200_000 {
      let length = Int.random(in: 1...25, using: &random)
      var text = Bool.random(using: &random) ? "" : "-"
      let point = Int.random(in: -1...length, using: &random)
      for index in 0..<length {
        if index == point { text += "." }
        text += String(Int.random(in: 0...9, using: &random))
      }
      switch Int.random(in: 0...2, using: &random) {
      case 0: break
      case 1: text += "e\(Int.random(in: -45...45, using: &random))"
      default: text += "E\(Int.random(in: -345...330, using: &random))"
      }
      expectSameAsC(text)
    }
  }

  @Test("Doubles of random bits come back from their shortest description")
  func roundTrip() {
    var random = SplitMix64(state: 2)
    for _ in 0..<100_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(scanned(value.description)?.bitPattern == value.bitPattern)
    }
    for _ in 0..<100_000 {
      let value = Double.random(in: -1000...1000, using: &random)
      #expect(scanned(value.description)?.bitPattern == value.bitPattern)
    }
  }

  @Test("Decimals halfway between two doubles, and one digit to either side")
  func halfway() {
    var random = SplitMix64(state: 3)
    for _ in 0..<20_000 {
      // An odd integer of 54 bits lies halfway between two doubles; so it does times a power of 2.
      let odd = UInt64.random(in: (1 << 53)..<(1 << 54), using: &random) | 1
      for text in ["\(odd)", "\(odd).0", "\(odd)0e-1"] { expectSameAsC(text) }
      expectSameAsC("\(odd - 1)9")
      expectSameAsC("\(odd).1")
      expectSameAsC("\(odd).0000000000000000001")
      // Half of it and a quarter of it, written out exactly.
      expectSameAsC("\(odd / 2).5")
      expectSameAsC("\(odd / 4).\(odd % 4 == 1 ? "25" : "75")")
      // Products that are close to halfway after the power of five has been multiplied in.
      let power = Int.random(in: -27...27, using: &random)
      expectSameAsC("\(odd)e\(power)")
    }
  }

  @Test("The direct way reaches every significand for exponents from −27 to 27")
  func reach() {
    var random = SplitMix64(state: 4)
    for exponent in -27...27 {
      for significand in [0, 1, 3, 1 << 53, (1 << 53) + 1, .max, random.next(), random.next()] {
        let value = DecimalConversion.nearestDouble(significand, tenTo: exponent)
        #expect(value == strtod("\(significand)e\(exponent)", nil))
      }
    }
    #expect(DecimalConversion.nearestDouble(.max, tenTo: 28) == nil)
    #expect(DecimalConversion.nearestDouble(.max, tenTo: -28) == nil)
  }
}
