import ExplorerViews
import Nadaraya
import Tables

extension ExploredTable {
  /// A table of some columns.
  convenience init(_ columns: [(String, [Double])], name: String = "table.csv") throws {
    let text = TableWriter.csv(columns.map { ($0.0, .numbers($0.1)) })
    try self.init(.bytes(Array(text.utf8), name: name))
  }
}

extension Exploration {
  func view(_ parameters: [String: String]) throws -> View {
    try view(parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
  }

  func fit(_ parameters: [String: String] = [:]) throws -> FitAnswer {
    try fit(try view(parameters), execution: Execution())
  }
}

/// A small reproducible source of random numbers.
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  mutating func uniform() -> Double { Double.random(in: 0..<1, using: &self) }

  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + uniform() }
  }
}

/// Two inputs and values that depend on both.
func twoInputs(_ count: Int, seed: UInt64 = 1) throws -> ExploredTable {
  var random = Random(seed: seed)
  let a = (0..<count).map { _ in random.uniform() * 5 }
  let b = (0..<count).map { _ in random.uniform() * 2 }
  let y = zip(a, b).map { $0 * $0 - $1 + 0.1 * random.normal() }
  return try ExploredTable([("a", a), ("b", b), ("y", y)])
}
