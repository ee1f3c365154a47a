#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A number for people, to so many significant digits, without trailing zeros.
package func short(_ value: Double, digits: Int = 4) -> String {
  var buffer = [CChar](repeating: 0, count: 64)
  let length = withVaList([Int32(digits), value]) { vsnprintf(&buffer, 64, "%.*g", $0) }
  return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A number for people, with so many digits after the point; what rounds to 0 has no sign.
package func fixed(_ value: Double, decimals: Int) -> String {
  var buffer = [CChar](repeating: 0, count: 400)
  let length = withVaList([Int32(decimals), value]) { vsnprintf(&buffer, 400, "%.*f", $0) }
  let text = String(
    decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return value <= 0 && text.allSatisfy { "-0.".contains($0) } ? text.filter { $0 != "-" } : text
}

/// A number for people who look at a picture: −3.09×10⁷ in place of -3.09e+07.
package func typeset(_ value: Double, digits: Int = 4) -> String {
  guard value.sign == .plus || value.isNaN else {
    let size = typeset(-value, digits: digits)
    return size == "0" ? size : "\u{2212}" + size
  }
  let text = short(value, digits: digits)
  guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
  else { return text }
  let raised: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
  let superscript = String(exponent).map { $0.wholeNumberValue.map { raised[$0] } ?? "⁻" }
  return text[..<mark] + "×10" + String(superscript)
}
