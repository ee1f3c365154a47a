/// Column names as one parameter, separated by commas; commas within a name are escaped once more.
package enum NameList {
  /// The parameter for some names.
  package static func text(_ names: [String]) -> String {
    names.map { name in
      name.unicodeScalars.reduce(into: "") { text, scalar in
        switch scalar {
        case "%": text += "%25"
        case ",": text += "%2C"
        default: text.unicodeScalars.append(scalar)
        }
      }
    }.joined(separator: ",")
  }

  /// The names in a parameter that selects columns of a table.
  ///
  /// A text that is not a list of columns but is the name of one means that column, as in the options of
  /// the tool.
  static func names(_ text: String, among columns: [String]) -> [String] {
    let names = names(text)
    let isList = names.allSatisfy(columns.contains) && Set(names).count == names.count
    return !isList && columns.contains(text) ? [text] : names
  }

  /// The names in a parameter.
  ///
  /// A percent sign that does not begin an escape of two digits stands for itself.
  private static func names(_ text: String) -> [String] {
    var names: [[UInt8]] = [[]]
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: ",") {
        names.append([])
      } else if byte == UInt8(ascii: "%"), index + 1 < bytes.count,
        let high = hexadecimalDigit(bytes[index]), let low = hexadecimalDigit(bytes[index + 1])
      {
        names[names.count - 1].append(high << 4 | low)
        index += 2
      } else {
        names[names.count - 1].append(byte)
      }
    }
    return names.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The value of a hexadecimal digit in ASCII; nil for any other byte.
package func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
