import Nadaraya

/// What is measured; an option that is not given stands for all there is.
struct PairsOptions {
  static let usage = """
    usage: pairs [--kernel NAME] [--dimension D] [--combination product|radial]
                 [--instructions NAME] [--threads N] [--seconds S] [--repetitions N]
                 [--keys N] [--queries N]
    """

  var kernels = Kernel.all
  var dimensions = [1, 2, 3, 8]
  var combinations = InputCombination.allCases
  var instructionSets = InstructionSet.available
  var threads = 1
  var seconds = 0.2
  var repetitions = 5
  var keyCount = 16_384
  var queryCount = 256

  /// Reads `--name value` pairs.
  ///
  /// - Throws: ``PairsOptionsError`` where a name or a value is none of those in ``usage``.
  init(_ arguments: some Collection<String>) throws(PairsOptionsError) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw .missingValue(of: name) }
      guard let isValid = read(value, of: name) else { throw .unknownOption(name) }
      guard isValid else { throw .invalidValue(value, of: name) }
    }
  }

  /// Whether the value suits the option; nil where there is no such option.
  private mutating func read(_ value: String, of name: String) -> Bool? {
    switch name {
    case "--kernel": assign(Kernel(named: value).map { [$0] }, to: &kernels)
    case "--dimension": assign(count(value).map { [$0] }, to: &dimensions)
    case "--combination":
      assign(InputCombination(rawValue: value).map { [$0] }, to: &combinations)
    case "--instructions":
      assign(InstructionSet(named: value).map { [$0] }, to: &instructionSets)
    case "--threads": assign(count(value), to: &threads)
    case "--seconds": assign(duration(value), to: &seconds)
    case "--repetitions": assign(count(value), to: &repetitions)
    case "--keys": assign(count(value), to: &keyCount)
    case "--queries": assign(count(value), to: &queryCount)
    default: nil
    }
  }

  private func count(_ text: String) -> Int? { Int(text).flatMap { $0 >= 1 ? $0 : nil } }

  private func duration(_ text: String) -> Double? {
    Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  private func assign<Value>(_ value: Value?, to place: inout Value) -> Bool {
    guard let value else { return false }
    place = value
    return true
  }
}
