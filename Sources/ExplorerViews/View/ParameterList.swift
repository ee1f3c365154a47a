internal import Tables

/// The parameters of a request, each at most once; an empty one counts as missing.
struct ParameterList {
  private let values: [String: String]

  static let names = [
    "x", "y", "weights", "kernel", "degree", "criterion", "h", "over", "at", "band", "missing",
    "residuals", "learned", "query", "theme", "width",
  ]

  init(_ parameters: [(name: String, value: String)]) throws(ExplorationError) {
    var values: [String: String] = [:]
    for (name, value) in parameters {
      guard Self.names.contains(name) else {
        throw ExplorationError(
          .badRequest, "there is no parameter \(quoted(name))",
          hint: nearestName(to: name, among: Self.names).map { "did you mean \($0)?" }
            ?? "the parameters are \(Self.names.joined(separator: ", "))", parameter: name)
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw ExplorationError(
          .badRequest, "the parameter \(name) is given twice, the second time as \(quoted(value))",
          parameter: name)
      }
    }
    self.values = values.filter { !$0.value.isEmpty }
  }

  subscript(name: String) -> String? { values[name] }

  /// One of some words.
  func word(_ name: String, of words: [String], else usual: String) throws(ExplorationError)
    -> String
  {
    guard let text = values[name] else { return usual }
    guard words.contains(text) else {
      throw ExplorationError(
        .badRequest, "the parameter \(name) is \(quoted(text)), not \(Self.list(words))",
        hint: nearestName(to: text, among: words).map { "did you mean \($0)?" }, parameter: name)
    }
    return text
  }

  /// A whole number in a range.
  func whole(_ name: String, in range: ClosedRange<Int>, else usual: Int) throws(ExplorationError)
    -> Int
  {
    guard let text = values[name] else { return usual }
    guard let number = Int(text), range.contains(number) else {
      throw ExplorationError(
        .badRequest,
        "the parameter \(name) is \(quoted(text)), not a whole number from \(range.lowerBound) to "
          + "\(range.upperBound)", parameter: name)
    }
    return number
  }

  /// A number that the library accepts as a coordinate.
  func coordinate(_ text: String, of name: String) throws(ExplorationError) -> Double {
    let number = try number(text, of: name)
    // Beyond 2¹⁰²² the difference of two coordinates can overflow.
    guard number.magnitude <= 0x1p1022 else {
      throw ExplorationError(
        .badRequest, "the parameter \(name) holds \(text), which is beyond 4e307", parameter: name)
    }
    return number
  }

  func number(_ text: String, of name: String) throws(ExplorationError) -> Double {
    // The parser of `Double` also accepts hexadecimal numbers and words.
    let isPlain = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    guard isPlain, let number = Double(text), number.isFinite else {
      throw ExplorationError(
        .badRequest, "the parameter \(name) holds \(quoted(text)), which is not a number",
        parameter: name)
    }
    return number
  }

  private static func list(_ words: [String]) -> String {
    words.count > 1
      ? words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1] : words[0]
  }
}
