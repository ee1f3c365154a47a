#if Explorer

import ExplorerViews
import HTTPTypes

/// The parameters of an address, in their order: `x=speed&y=dist`.
///
/// ## Source
/// The form `application/x-www-form-urlencoded` of the URL standard, https://url.spec.whatwg.org; what that
/// lets pass as it stands, a percent sign without two digits or bytes that are no UTF-8, is a fault here.
struct QueryParameters {
  private(set) var all: [(name: String, value: String)] = []

  init(_ query: String?) throws(Fault) {
    guard let query else { return }
    for part in query.utf8.split(separator: UInt8(ascii: "&")) {
      let pair = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decoded(pair[0])
      let value = pair.count == 2 ? try Self.decoded(pair[1]) : ""
      guard self[name] == nil else {
        throw Fault(.badRequest, "the parameter \"\(name)\" is given twice", parameter: name)
      }
      all.append((name, value))
    }
  }

  subscript(name: String) -> String? { all.first { $0.name == name }?.value }

  /// Removes a parameter that the path handles itself.
  mutating func take(_ name: String) -> String? {
    guard let place = all.firstIndex(where: { $0.name == name }) else { return nil }
    return all.remove(at: place).value
  }

  private static func decoded(_ part: Substring.UTF8View) throws(Fault) -> String {
    var bytes: [UInt8] = []
    var rest = part
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexadecimalDigit),
          let low = rest.popFirst().flatMap(hexadecimalDigit)
        else {
          throw Fault(
            .badRequest,
            "the address has a % without two hexadecimal digits in \"\(Substring(part))\"")
        }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault(.badRequest, "the address has bytes that are not UTF-8 in \"\(Substring(part))\"")
    }
    return text
  }
}

#endif
