import KernelSums
import SimilarityKernels
import Testing
import _TestSupport

/// The Gaussian's loops differ by number of inputs, and where these share a bandwidth.
extension DirectEngineTests {
  func gaussian(dimension: Int, count: Int = 300, shared: Bool) -> RegressionCase {
    var data = RegressionCase.random(
      seed: UInt64(dimension), kernel: .gaussian, dimension: dimension, count: count,
      queryCount: 8, bandwidth: 0.2 * Double(dimension).squareRoot())
    if shared {
      data.similarity = Similarity(
        .gaussian, bandwidths: Array(repeating: data.similarity.bandwidths[0], count: dimension))
    }
    return data
  }

  @Test(.sweep, arguments: InstructionSet.available, Array(1...9) + [16, 17])
  func `the gaussian's ratios equal the oracle's in any number of inputs`(
    instructions: InstructionSet, dimension: Int
  ) {
    for shared in [false, true] {
      let data = gaussian(dimension: dimension, shared: shared)
      let oracle = Oracle(data).estimates()
      let actual = ratios(data, Execution(instructions: instructions))
      // Values are up to 3.
      #expect(
        Laws.deviation(actual, oracle, relativeTo: 3) < Promise.direct(inputs: dimension))
    }
  }

  @Test(arguments: [1, 3, 9])
  func `a change of units by a power of two changes no bit of the gaussian's ratios`(
    dimension: Int
  ) {
    for shared in [false, true] {
      let data = gaussian(dimension: dimension, count: 50, shared: shared)
      for exponent in [-900, -460, -459, 459, 460, 900] {
        let unit = Double(sign: .plus, exponent: exponent, significand: 1)
        #expect(Laws.scale(data, by: unit) { ratios($0) } == 0)
      }
    }
  }
}
