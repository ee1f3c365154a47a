import Nadaraya

/// What is asked of the learner: `table` learns from numbers on standard input, `noise` tells how often
/// learning harms where there is nothing to learn.
///
///     learning table [--rank R] [--held-out S] [--decay L] [--restarts N] [--seed N] [--threads N]
///     learning noise [--seeds N] [--rows N] [--inputs D]
@main
struct LearningCommand {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "table": try LearnedTable.run(Options(arguments.dropFirst()))
    case "noise": try NoiseCheck.run(Options(arguments.dropFirst()))
    default: throw Failure("the first argument is neither table nor noise")
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// `--name value` pairs.
  struct Options {
    private var values: [String: Double] = [:]

    init(_ arguments: some Collection<String>) throws {
      var rest = arguments[...]
      while let name = rest.popFirst() {
        guard let value = rest.popFirst().flatMap({ Double($0) }) else {
          throw Failure("\(name) lacks a number")
        }
        values[name] = value
      }
    }

    func number(_ name: String, _ standard: Double) -> Double { values[name] ?? standard }

    func count(_ name: String, _ standard: Int) -> Int { Int(number(name, Double(standard))) }
  }
}
