#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A number with its noun, in the plural where it takes one: 1 row, 2 rows, 3 queries.
func counted(_ count: Int, _ noun: String) -> String {
  guard count != 1 else { return "1 \(noun)" }
  let isConsonantY = noun.hasSuffix("y") && !noun.hasSuffix("ey")
  return isConsonantY ? "\(count) \(noun.dropLast())ies" : "\(count) \(noun)s"
}

/// Text from outside in double quotes, on one line and of bearable length.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(60).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      ? "\u{fffd}" : String(scalar)
  }
  return "\"\(shown.joined())\(text.unicodeScalars.dropFirst(60).isEmpty ? "" : "…")\""
}

/// A number for people, to so many significant digits: 3.09×10⁷ in place of 3.09e+07.
func typeset(_ value: Double, digits: Int = 4) -> String {
  var buffer = [CChar](repeating: 0, count: 64)
  let length = withVaList([Int32(digits), value]) { vsnprintf(&buffer, 64, "%.*g", $0) }
  let text = String(
    decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
  else { return text }
  let raised: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
  let superscript = String(exponent).map { $0.wholeNumberValue.map { raised[$0] } ?? "⁻" }
  return text[..<mark] + "×10" + String(superscript)
}

/// ln h.
func logarithm(_ bandwidth: Double) -> Double { log(bandwidth) }

/// exp x, a normal number.
func exponential(_ x: Double) -> Double {
  min(max(exp(x), .leastNormalMagnitude), .greatestFiniteMagnitude)
}
