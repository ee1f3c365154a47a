import RealModule
import Testing
import _CKernelSums
import _TestSupport

@testable import KernelSums

@Suite struct PowerTests {
  @Test(arguments: InstructionSet.available)
  func `powers of two in single precision are within 2 units in the last place`(
    instructions: InstructionSet
  ) {
    var random = SplitMix64(seed: 4)
    var x: [Float] = [0, -0.5, -1, -124.99999, -125, -125.00001, -150, -1e30, -.infinity]
    x += (0..<4000).map { -Float(random.uniform()) * ($0 % 2 == 0 ? 125 : 2) }
    x += [Float](repeating: -1, count: 16 - x.count % 16)
    var powers = [Float](repeating: .nan, count: x.count)
    instructions.loops.attention.powers_of_two(x.count, x, &powers)
    #expect(powers[0] == 1 && powers[2] == 0.5)
    for (power, x) in zip(powers, x) {
      guard x >= -125 else {
        #expect(power == 0)
        continue
      }
      let truth = Double.exp2(Double(x))
      #expect(abs(Double(power) - truth) <= 2 * Double(Float(truth).ulp), "\(x)")
    }
  }
}
