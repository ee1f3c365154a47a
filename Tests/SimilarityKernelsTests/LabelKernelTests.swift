import SimilarityKernels
import Testing
import _TestSupport

@Suite struct LabelKernelTests {
  @Test func `weights are those of the definitions`() {
    func weights(_ kernel: LabelKernel, _ bandwidth: Double) -> [Double] {
      let input = LabelInput(kernel: kernel, levelCount: 4, bandwidth: bandwidth)
      return (0..<4).map { input.weight(0, Double($0)) }
    }
    #expect(weights(.aitchisonAitken, 0.375) == [0.625, 0.125, 0.125, 0.125])
    #expect(weights(.liRacine, 0.5) == [1, 0.5, 0.5, 0.5])
    #expect(weights(.orderedLiRacine, 0.5) == [1, 0.5, 0.25, 0.125])
    #expect(weights(.wangVanRyzin, 0.5) == [0.5, 0.125, 0.0625, 0.03125])
  }

  @Test(arguments: LabelKernel.allCases)
  func `a bandwidth of 0 tells all levels apart`(kernel: LabelKernel) {
    let input = LabelInput(kernel: kernel, levelCount: 3, bandwidth: 0)
    #expect((0..<3).map { input.weight(1, Double($0)) } == [0, 1, 0])
  }

  @Test(arguments: [LabelKernel.aitchisonAitken, .liRacine, .orderedLiRacine], [1, 2, 3, 7])
  func `the largest bandwidth tells no levels apart`(kernel: LabelKernel, levelCount: Int) {
    let input = LabelInput(
      kernel: kernel, levelCount: levelCount,
      bandwidth: kernel.largestBandwidth(levelCount: levelCount))
    for level in 1..<max(levelCount, 1) {
      // (c − 1)/c and 1 minus it are each rounded once.
      #expect(abs(input.weight(0, Double(level)) - input.weight(0, 0)) <= 2 * .ulpOfOne)
    }
  }

  @Test func `labels multiply the similarity of the other inputs`() throws {
    for combination in InputCombination.allCases {
      let labels = [
        LabelInput(kernel: .liRacine, levelCount: 2, bandwidth: 0.5),
        LabelInput(kernel: .orderedLiRacine, levelCount: 3, bandwidth: 0.25),
      ]
      let alone = Similarity(.gaussian, bandwidths: [1, 2], combination: combination)
      let both = Similarity(
        kernel: .gaussian, bandwidths: [1, 2], combination: combination, labelInputs: labels)
      let without = alone.weight(query: [0, 0], key: [1, 1])
      let with = both.weight(query: [0, 0, 0, 0], key: [1, 1, 1, 2])
      // Three products and an exponential round, and sums of logarithms up to 5.
      #expect(abs(with / (without / 32) - 1) < Rounding.few)
      let log = try #require(both.logWeight(query: [0, 0, 0, 0], key: [1, 1, 1, 2]))
      #expect(abs(log - (-0.625 - 5 * 0.693147180559945309417232)) < Rounding.tens)
      #expect(both.distance(query: [0, 0, 0, 0], key: [3, 8, 1, 2]) == 5)
      #expect(both.withBandwidths([3, 4, 0, 1]).inputBandwidths == [3, 4, 0, 1])
    }
  }
}
