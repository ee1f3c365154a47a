import Nadaraya

/// What a learned metric does where the inputs are noise, and where all but two are.
///
/// For each seed a table is made, a tenth of it tells when to stop, a tenth is tested. The differences of
/// the test errors, learned less unlearned, are printed with their mean and its standard error over the
/// seeds.
enum NoiseCheck {
  static func run(_ options: LearningCommand.Options) throws {
    let seeds = options.count("--seeds", 20)
    let (rows, inputs) = (options.count("--rows", 500), options.count("--inputs", 10))
    for kind in ["noise", "two of \(inputs) inputs matter"] {
      print("\n\(kind): \(rows) rows, \(inputs) inputs, \(seeds) seeds")
      print("seed  unlearned  learned   difference  kept")
      var differences: [Double] = []
      for seed in 0..<seeds {
        let (keys, values) = table(rows, inputs, seed: UInt64(seed), isNoise: kind == "noise")
        let outcome = try LearnedModel.learn(
          Sample(keys: keys, values: [values]),
          options: LearningOptions(form: .metric(rank: inputs), seed: UInt64(seed)))
        let (learned, unlearned) = (
          outcome.report.heldOutError ?? .nan, outcome.report.unlearnedHeldOutError ?? .nan
        )
        differences.append(learned - unlearned)
        print(
          [
            "\(seed)".padded(4), shown(unlearned).padded(10), shown(learned).padded(8),
            shown(learned - unlearned).padded(12),
            outcome.model.similarity.form == .bandwidth ? "  one bandwidth" : "  learned",
          ].joined(separator: " "))
      }
      let count = Double(seeds)
      let mean = differences.reduce(0, +) / count
      let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (squares / (count - 1) / count).squareRoot()
      print("mean difference \(shown(mean)), standard error \(shown(error))")
      guard mean <= 2 * error else {
        throw LearningCommand.Failure("learning harms beyond noise where there is \(kind)")
      }
      print("no worse beyond noise")
    }
  }

  private static func table(
    _ rows: Int, _ inputs: Int, seed: UInt64, isNoise: Bool
  ) -> (keys: Points, values: [Double]) {
    var random = Generator(state: seed &* 0x9e37_79b9 &+ 77)
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() } }
    let coordinates = (0..<rows * inputs).map { _ in normal() }
    let values = (0..<rows).map { row -> Double in
      let (x, y) = (coordinates[row * inputs], coordinates[row * inputs + 1])
      return isNoise ? normal() : x * y + x + 0.5 * normal()
    }
    return (Points(rowMajor: coordinates, dimension: inputs), values)
  }

  /// SplitMix64.
  private struct Generator {
    var state: UInt64
    mutating func uniform() -> Double {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
  }

  private static func shown(_ number: Double) -> String {
    let digits = "\((number.magnitude * 1e4).rounded() / 1e4)"
    let fraction = digits.split(separator: ".").last.map(\.count) ?? 0
    return (number < 0 ? "-" : "") + digits + String(repeating: "0", count: max(0, 4 - fraction))
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
