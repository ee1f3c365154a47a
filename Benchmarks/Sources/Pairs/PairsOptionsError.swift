import Nadaraya

/// Arguments that make no measurement.
struct PairsOptionsError: Error, CustomStringConvertible {
  enum Code {
    case unknownOption
    case missingValue
    case invalidValue
  }

  let code: Code

  /// The option concerned.
  let place: String

  /// One sentence that holds the offending value.
  let description: String

  static func unknownOption(_ name: String) -> Self {
    Self(code: .unknownOption, place: name, description: "there is no option \"\(name)\"")
  }

  static func missingValue(of name: String) -> Self {
    Self(code: .missingValue, place: name, description: "\(name) needs a value")
  }

  static func invalidValue(_ value: String, of name: String) -> Self {
    let choices =
      switch name {
      case "--kernel": ": it is one of \(Kernel.all.map(\.name).joined(separator: ", "))"
      case "--combination":
        ": it is one of \(InputCombination.allCases.map(\.rawValue).joined(separator: ", "))"
      case "--instructions":
        ": this processor has \(InstructionSet.available.map(\.name).joined(separator: ", "))"
      default: ""
      }
    return Self(
      code: .invalidValue, place: name,
      description: "\"\(value)\" is no value for \(name)\(choices)")
  }
}
