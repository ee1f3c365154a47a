/// The little of Python's literal syntax that NPY headers are written in.
///
/// A dictionary from strings to strings, booleans, and tuples of integers; anything else is kept as
/// ``Value/other`` if its brackets and strings close, so that the header's reader can say what is
/// not supported rather than that it is not understood.
struct PythonLiteral {
  enum Value: Equatable {
    case string(String)
    case boolean(Bool)
    case tuple([Int])
    case other
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The dictionary that the text is, with nothing but white space after it.
  ///
  /// - Complexity: O(length).
  mutating func dictionary() throws(NPYFault) -> [String: Value] {
    var entries: [String: Value] = [:]
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      guard entries.updateValue(try value(), forKey: key) == nil else {
        throw NPYFault("the header gives \(quoted(key)) twice")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpaces()
    guard index == bytes.count else { throw misplaced() }
    return entries
  }

  private mutating func value() throws(NPYFault) -> Value {
    if takeWord("True") { return .boolean(true) }
    if takeWord("False") { return .boolean(false) }
    switch peek() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "("): return .tuple(try tuple())
    case UInt8(ascii: "["):
      try skipBrackets()
      return .other
    default: throw misplaced()
    }
  }

  private mutating func tuple() throws(NPYFault) -> [Int] {
    var items: [Int] = []
    try expect("(")
    while !take(")") {
      items.append(try integer())
      if !take(",") {
        try expect(")")
        break
      }
    }
    return items
  }

  private mutating func integer() throws(NPYFault) -> Int {
    skipSpaces()
    let start = index
    while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
      index += 1
    }
    guard index > start else { throw misplaced() }
    let digits = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let value = Int(digits) else {
      throw NPYFault("the dimension \(quoted(digits)) is too large to fit in memory")
    }
    // Python 2 marked its long integers.
    _ = takeByte(UInt8(ascii: "L"))
    return value
  }

  private mutating func string() throws(NPYFault) -> String {
    skipSpaces()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "'") || bytes[index] == Ascii.quote
    else { throw misplaced() }
    let quote = bytes[index]
    let start = index + 1
    guard let end = bytes[start...].firstIndex(of: quote) else {
      throw NPYFault("a string in the header is never closed")
    }
    index = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func skipBrackets() throws(NPYFault) {
    var depth = 0
    repeat {
      switch peek() {
      case nil: throw NPYFault("a bracket in the header is never closed")
      case UInt8(ascii: "'"), UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "["), UInt8(ascii: "("):
        depth += 1
        index += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"):
        depth -= 1
        index += 1
      default: index += 1
      }
    } while depth > 0
  }

  // MARK: - Tokens

  private mutating func skipSpaces() {
    while index < bytes.count, [Ascii.space, Ascii.newline, Ascii.tab].contains(bytes[index]) {
      index += 1
    }
  }

  private mutating func peek() -> UInt8? {
    skipSpaces()
    return index < bytes.count ? bytes[index] : nil
  }

  private mutating func takeByte(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    return takeByte(UInt8(ascii: character))
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    skipSpaces()
    let characters = Array("\(word)".utf8)
    guard bytes[index...].starts(with: characters) else { return false }
    index += characters.count
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(NPYFault) {
    guard take(character) else { throw misplaced() }
  }

  private func misplaced() -> NPYFault {
    let rest = String(decoding: bytes[min(index, bytes.count)...].prefix(20), as: UTF8.self)
    return NPYFault("the header is not a Python dictionary at \(quoted(rest))")
  }
}
