import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _CKernelSums
import _TestSupport

@Suite struct InstructionSetTests {
  @Test func `every instruction set is listed, forced by name and narrowest first`() {
    let names = InstructionSet.available.map(\.name)
    #expect(names.first == "baseline")
    for name in names { #expect(InstructionSet(named: name)?.name == name) }
    #expect(InstructionSet(named: "mmx") == nil)
    #expect(InstructionSet.best.name == names.last)
  }

  @Test(arguments: InstructionSet.available)
  func `the exponential is within one unit in the last place`(instructions: InstructionSet) {
    var random = SplitMix64(seed: 5)
    var worst: Extended = 0
    for range in [1e-12, 1, 40, 708] {
      let arguments = (0..<20_000).map { _ in -range * random.uniform() }
      for (x, actual) in zip(arguments, exponentials(of: arguments, instructions)) {
        let exact = Extended.exp(Extended(x))
        worst = max(worst, (Extended(actual) - exact).magnitude / Extended(Double(exact).ulp))
      }
    }
    // Where the oracle is no wider than a double, its own rounding counts too.
    #expect(worst < (Extended.self == Double.self ? 2 : 1))
  }

  @Test(arguments: InstructionSet.available)
  func `the exponential is 1 at 0 and 0 beyond the normal range`(instructions: InstructionSet) {
    let results = exponentials(of: [0, -708, -708.5, -1e300, -.infinity, .nan], instructions)
    #expect(results[0] == 1)
    #expect(results[1] > 0)
    #expect(results[2...4].allSatisfy { $0 == 0 })
    #expect(results[5].isNaN)
  }

  @Test(arguments: InstructionSet.available)
  func `the decay is within 1.2 units in the last place`(instructions: InstructionSet) {
    var random = SplitMix64(seed: 6)
    var worst: Extended = 0
    for range in [1e-12, 1, 16, 1000, 16_336] {
      let arguments = (0..<20_000).map { _ in range * random.uniform() }
      for (x, actual) in zip(arguments, decays(of: arguments, instructions)) {
        let exact = Extended.exp2(-Extended(x) / 16)
        worst = max(worst, (Extended(actual) - exact).magnitude / Extended(Double(exact).ulp))
      }
    }
    // Half a unit for the last step, half for the table, 0.2 for the polynomial and its rounding;
    // where the oracle is no wider than a double, its own counts too.
    #expect(worst < (Extended.self == Double.self ? 2 : 1.2))
  }

  @Test(arguments: InstructionSet.available)
  func `the decay halves exactly and is 0 beyond the normal range`(instructions: InstructionSet) {
    let halvings = (0...1021).map { 16 * Double($0) }
    let expected = (0...1021).map { Double(sign: .plus, exponent: -$0, significand: 1) }
    #expect(decays(of: halvings, instructions) == expected)
    let beyond = decays(of: [16336.5, 1e18, 1e300, .infinity, .nan], instructions)
    #expect(beyond.prefix(4).allSatisfy { $0 == 0 })
    #expect(beyond[4].isNaN)
  }

  private func exponentials(of x: [Double], _ instructions: InstructionSet) -> [Double] {
    results(of: x, instructions) { $0.tiles.exponential($1, $2, $3) }
  }

  private func decays(of x: [Double], _ instructions: InstructionSet) -> [Double] {
    results(of: x, instructions) { $0.tiles.decay($1, $2, $3) }
  }

  private func results(
    of x: [Double], _ instructions: InstructionSet,
    by loop: (
      nadaraya_instruction_set, Int, UnsafePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Void
  ) -> [Double] {
    var count = 0
    let tables = nadaraya_instruction_sets(&count)
    let padded = x + [Double](repeating: 0, count: Int(NADARAYA_PADDING))
    var results = padded
    for index in 0..<count {
      guard let table = tables?[index]?.pointee, String(cString: table.name) == instructions.name
      else { continue }
      loop(table, x.count, padded, &results)
    }
    return Array(results.prefix(x.count))
  }

  @Test(arguments: InstructionSet.available)
  func `sums of w, w² and −w ln w`(instructions: InstructionSet) {
    var random = SplitMix64(seed: 8)
    for range in [1e-9, 1, 30, 700] {
      let weights = (0..<1000).map { $0 % 7 == 3 ? 0 : Double.exp(-range * random.uniform()) }
      let exact = weights.map { Extended($0) }
      let expected = [
        exact.reduce(0, +), exact.reduce(0) { $0 + $1 * $1 },
        exact.reduce(0) { $1 > 0 ? $0 - $1 * .log($1) : $0 },
      ]
      // A term errs by some units in the last place, and up to 500 share a lane.
      for (sum, expected) in zip(rowSums(of: weights, instructions), expected) {
        #expect((Extended(sum) - expected).magnitude < 1e-13 * expected, "down to exp(−\(range))")
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `weights below the normal numbers add nothing to −Σ w ln w`(instructions: InstructionSet) {
    #expect(rowSums(of: [1, 0, 0x1p-1074, 0x1p-1030], instructions) == [1, 1, 0])
  }

  private func rowSums(of weights: [Double], _ instructions: InstructionSet) -> [Double] {
    let sums = results(of: weights, instructions) { table, count, weights, results in
      var sums = [0.0, 0, 0]
      var lost = sums
      table.rows.sums(count, weights, nil, &sums, &lost)
      for index in 0..<3 { results[index] = sums[index] + lost[index] }
    }
    return Array(sums.prefix(3))
  }
}
