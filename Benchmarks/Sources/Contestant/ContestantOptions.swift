import Nadaraya

/// The problem and how it is to be solved, as the command line says it.
struct ContestantOptions {
  private(set) var keys = ""
  private(set) var queries = ""
  private(set) var values = ""
  private(set) var kernel = Kernel.gaussian
  private(set) var combination = InputCombination.product
  private(set) var bandwidths: [Double] = []
  private(set) var engine = EngineChoice.automatic
  private(set) var accuracy: Double?
  private(set) var threads = 1

  /// Reads `--name value` pairs; the files and the bandwidths have to be there.
  ///
  /// - Throws: ``ContestantError`` where a name or a value is none that it knows.
  init(_ arguments: some Collection<String>) throws(ContestantError) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst(), try read(value, of: name) else {
        throw .invalidOption(name)
      }
    }
    guard !keys.isEmpty else { throw .invalidOption("--keys") }
    guard !queries.isEmpty else { throw .invalidOption("--queries") }
    guard !values.isEmpty else { throw .invalidOption("--values") }
    guard !bandwidths.isEmpty else { throw .invalidOption("--bandwidths") }
  }

  /// Whether the value suits the option.
  private mutating func read(_ value: String, of name: String) throws(ContestantError) -> Bool {
    switch name {
    case "--keys": assign(value, to: &keys)
    case "--queries": assign(value, to: &queries)
    case "--values": assign(value, to: &values)
    case "--kernel": assign(Kernel(named: value), to: &kernel)
    case "--combination": assign(InputCombination(rawValue: value), to: &combination)
    case "--bandwidths": assign(Self.numbers(value), to: &bandwidths)
    case "--engine": assign(EngineChoice(rawValue: value), to: &engine)
    case "--accuracy": assign(Double(value), to: &accuracy)
    case "--threads": assign(Int(value).flatMap { $0 >= 1 ? $0 : nil }, to: &threads)
    default: throw .invalidOption(name)
    }
  }

  private static func numbers(_ text: String) -> [Double]? {
    let numbers = text.split(separator: ",").map { Double($0) }
    return numbers.contains(nil) ? nil : numbers.compactMap(\.self)
  }

  private func assign<Value>(_ value: Value?, to place: inout Value) -> Bool {
    guard let value else { return false }
    place = value
    return true
  }

  private func assign(_ value: Double?, to place: inout Double?) -> Bool {
    place = value
    return value != nil
  }
}
