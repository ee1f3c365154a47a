import ArgumentParser
import FoundationEssentials

/// The options of a command that take one value, which a command line may give once.
///
/// The argument parser takes the last of several in silence.
struct SingleValuedOptions {
  /// The name that messages use, by each name that can be typed: `--output` by `-o`.
  private var single: [String: String] = [:]
  /// The names of options that may be given again.
  private var repeating: Set<String> = []

  /// Reads the parser's own description of a command, so that no option can be forgotten here.
  init(of command: any ParsableCommand.Type) throws {
    let description = try JSONDecoder().decode(
      ToolDescription.self, from: Data(command._dumpHelp().utf8))
    for argument in description.command.arguments ?? [] where argument.kind == "option" {
      let names = (argument.names ?? []).map(\.typed)
      if argument.isRepeating {
        repeating.formUnion(names)
      } else {
        let preferred = argument.preferredName?.typed ?? names.first ?? ""
        for name in names { single[name] = preferred }
      }
    }
  }

  /// Refuses an option that is given twice.
  ///
  /// - Parameter arguments: those of the command, which the parser has accepted, so that every option
  ///   has its value.
  func check(_ arguments: some Collection<String>) throws(Failure) {
    var given: [String: String] = [:]
    var rest = arguments.prefix { $0 != "--" }[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else { continue }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard single[name] != nil || repeating.contains(name) else { continue }
      let value = parts.count > 1 ? String(parts[1]) : rest.popFirst() ?? ""
      guard let option = single[name] else { continue }
      if let first = given.updateValue(value, forKey: option) {
        throw .usage(
          "\(option) is given twice, as \"\(first)\" and as \"\(value)\"",
          hint: "it takes only one value")
      }
    }
  }
}

/// What the argument parser's description says of a command, as far as it is needed here.
private struct ToolDescription: Decodable {
  let command: Command

  struct Command: Decodable {
    let arguments: [Argument]?
  }

  struct Argument: Decodable {
    let kind: String
    let isRepeating: Bool
    let names: [Name]?
    let preferredName: Name?
  }

  struct Name: Decodable {
    let kind: String
    let name: String

    var typed: String { (kind == "long" ? "--" : "-") + name }
  }
}
