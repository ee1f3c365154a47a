import Nadaraya
import Testing
import _TestSupport

/// Sums of which every weight is tiny, for whatever reason.
///
/// Each answer follows from the one key that counts, or from two by hand.
@Suite struct TinyWeightTests {
  @Test func `a key at the very edge of a window supports its query`() throws {
    let kernels: [Kernel] = [.triangular, .epanechnikov, .biweight, .triweight, .tricube, .cosine]
    for kernel in kernels {
      for gap in [1e-30, 1e-60, 1e-110] {
        let single = try KernelSmoother(
          Sample([gap, 9], [5, 1]), Similarity(kernel, bandwidths: [1]))
        let predictions = try single.predict(at: .points([1]), diagnostics: true)
        #expect(predictions.values == [5], "\(kernel.name) \(gap)")
        #expect(try abs(#require(predictions.effectiveSampleSizes)[0] - 1) < Rounding.few)
        // Two keys whose gaps are as 1 to 2: the powers of the kernels decide.
        let pair = try KernelSmoother(
          Sample([gap, 2 * gap], [0, 1]), Similarity(kernel, bandwidths: [1])
        ).predict([1])[0]
        let power =
          kernel.name == "biweight" ? 2.0 : ["triweight", "tricube"].contains(kernel.name) ? 3 : 1
        let ratio = power == 1 ? 2.0 : power == 2 ? 4 : 8
        #expect(abs(pair - ratio / (1 + ratio)) < Promise.oneInput, "\(kernel.name) \(gap)")
      }
    }
  }

  @Test func `in one input a radial window has the same edge`() throws {
    for kernel in Kernel.all where kernel.support == 1 {
      for combination in InputCombination.allCases {
        let estimator = try KernelSmoother(
          Sample([1e-60, 9], [5, 1]), Similarity(kernel, bandwidths: [1], combination: combination))
        #expect(try estimator.predict([1]) == [5], "\(kernel.name) \(combination)")
      }
    }
  }

  @Test func `a key on the edge supports nothing`() throws {
    for kernel in Kernel.all where kernel.support == 1 {
      #expect(
        try KernelSmoother(Sample([0], [5]), Similarity(kernel, bandwidths: [1])).predict([1])[0]
          .isNaN)
    }
  }

  @Test(arguments: [Kernel.gaussian, .boxcar, .triweight, .cauchy])
  func `tiny observation weights count among their like`(kernel: Kernel) throws {
    let estimator = try KernelSmoother(
      Sample([0, 0.1, 1e5], [1, 4, 100], weights: [1e-250, 2e-250, 1e250]),
      Similarity(kernel, bandwidths: [1e3]))
    // The keys at 0 and 0.1 differ by at most 3e-8 of their weights.
    guard kernel.name != "gaussian", kernel.name != "cauchy" else {
      // At 100 bandwidths exp(−5000)·1e500 is still less than 1; 1/(1 + 10⁴)·1e500 is not.
      let expected = kernel.name == "gaussian" ? 3.0 : 100
      #expect(try abs(estimator.predict([0])[0] - expected) < 1e-6)
      return
    }
    let predictions = try estimator.predict(at: .points([0]), diagnostics: true)
    #expect(abs(predictions.values[0] - 3) < 1e-6)
    #expect(abs(predictions.effectiveSampleSizes![0] - 9.0 / 5) < 1e-6)
  }

  @Test func `a faint key with a great value still counts`() throws {
    let estimates = try KernelSmoother(Sample([0, -0.5], [1, 1e40]), Similarity(bandwidths: [1]))
      .predict([122])
    // exp(−61 − 1/8)·1e40 and 1.
    #expect(abs(estimates[0] / 2.842_822_824_559_470_1e13 - 1) < Promise.oneInput)
    let zero = try KernelSmoother(Sample([0, -4], [0, 1]), Similarity(bandwidths: [1])).predict([60]
    )
    #expect(abs(zero[0] / 1.972_279_624_135_128_5e-108 - 1) < Promise.oneInput)
  }

  @Test func `small values among great ones keep their digits`() throws {
    for small in [1e-20, 1e-30, 1e-200] {
      let estimator = try KernelSmoother(
        Sample([0, 10], [small, 1e300]), Similarity(.boxcar, bandwidths: [1]))
      #expect(try estimator.predict([0]) == [small])
    }
  }

  @Test func `the nearest key is found at any scale`() throws {
    for scale in [1e-170, 1e-100, 1, 1e100, 1e170] {
      let predictions = try KernelSmoother(
        Sample([2 * scale, scale], [1, 2]), Similarity(.boxcar, bandwidths: [1e-3 * scale]),
        emptyWindow: .nearest
      ).predict(at: .points([0]), diagnostics: true)
      #expect(predictions.values == [2])
      #expect(
        try abs(#require(predictions.nearestDistances)[0] - 1000) < 1000 * Rounding.tens)
    }
    let wide = try KernelSmoother(Sample([1, 2], [1, 2]), Similarity(bandwidths: [1e200]))
      .predict(at: .points([2]), diagnostics: true)
    #expect(wide.nearestDistances == [0])
  }

  @Test func `a closure keeps to its support and its faults are no estimates`() throws {
    let compact = Kernel(
      name: "cut", support: 1, logProfile: { -$0 * $0 }, profile: { 1 / (1 + $0 * $0) })
    let estimator = try KernelSmoother(Sample([0], [4]), Similarity(compact, bandwidths: [1]))
    #expect(try estimator.predict([0.5])[0] == 4)
    #expect(try estimator.predict([5])[0].isNaN)
    let faulty = Kernel(name: "faulty") { _ in .nan }
    let nothing = try KernelSmoother(Sample([0, 1], [3, 4]), Similarity(faulty, bandwidths: [1]))
    #expect(try nothing.predict([0.5])[0].isNaN)
    let weights = try nothing.attentionMatrix(at: .points([0.5]))
    #expect(weights.emptyWindows == [0])
    #expect(weights.column(0).filter { !$0.isNaN }.isEmpty)
  }

  @Test func `a radial closure in two inputs is the kernel it copies`() throws {
    let copy = Kernel(name: "copy", support: 1) { 1 - $0 * $0 }
    let keys = Points(columns: [[0, 0.3, 1, 2], [0, 0.4, 0.2, 2]])
    let queries = Points(columns: [[0.1, 0.9, 7], [0.2, 0.3, 7]])
    let estimates = try [copy, .epanechnikov].map {
      try KernelSmoother(
        Sample(keys: keys, values: [[1, 2, 3, 4]]),
        Similarity($0, bandwidths: [1.5, 1], combination: .radial)
      ).predict(at: .points(queries)).values
    }
    #expect(estimates[0][2].isNaN && estimates[1][2].isNaN)
    // Three keys of values up to 3.
    for query in 0..<2 {
      #expect(abs(estimates[0][query] - estimates[1][query]) < Rounding.tens)
    }
  }
}
