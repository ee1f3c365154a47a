import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelRegression

/// Large tables, whose narrow bandwidths are judged by a sample of the rows.
@Suite struct CriterionSampleTests {
  /// Waves of two lengths whose finer one is about as large as the noise, so that fitting it and smoothing it
  /// away cost about the same; rows in random order.
  private func table(_ seed: UInt64, uneven: Bool) throws -> Sample {
    var random = SplitMix64(seed: seed)
    let count = CriterionSample.smallestTable
    let keys = (0..<count).map { _ in
      let u = random.uniform()
      return uneven ? u.squareRoot() : u
    }
    let frequency = 40 + 4_000 * random.uniform()
    let size = 0.02 + 0.3 * random.uniform()
    let values = keys.map { key in
      // A sum of twelve uniform numbers is nearly normal, of variance 1.
      let noise = (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() }
      return .sin(7 * key) + size * .sin(frequency * key) + 0.3 * noise
    }
    return try Sample(keys, values)
  }

  @Test(.sweep, arguments: 0..<20)
  func `the bandwidth chosen is that of the full search`(seed: Int) throws {
    let sample = try table(UInt64(seed), uneven: seed.isMultiple(of: 2))
    var criterion = try BandwidthCriterion(.leaveOneOut, of: sample)
    let sampled = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    criterion.sample = nil
    let full = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    #expect(sampled.bandwidths == full.bandwidths)
    #expect(sampled.criterion == full.criterion)
    #expect(sampled.evaluations < full.evaluations)
    // So are all minima of windows that are not narrow; others may be dropped where they are worse than chance
    // allows.
    for minimum in full.minima where minimum.bandwidths[0] > 400 * criterion.range.lowerBound {
      #expect(sampled.minima.contains { $0.bandwidths == minimum.bandwidths })
    }
  }

  /// Local polynomials and compact kernels are sampled at every bandwidth.
  @Test(
    .sweep,
    arguments: [(Kernel.gaussian, 1), (.epanechnikov, 0), (.tricube, 1), (.gaussian, 2)], 0..<3)
  func `so is that of local polynomials and compact kernels`(
    _ estimator: (kernel: Kernel, degree: Int), seed: Int
  ) throws {
    let sample = try table(UInt64(seed), uneven: seed.isMultiple(of: 2))
    var criterion = try BandwidthCriterion(
      .leaveOneOut, of: sample, similarity: Similarity(estimator.kernel), degree: estimator.degree)
    let sampled = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    #expect(criterion.sample != nil)
    criterion.sample = nil
    let full = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    #expect(sampled.bandwidths == full.bandwidths)
    #expect(sampled.criterion == full.criterion)
    #expect(sampled.evaluations < full.evaluations)
  }

  /// Without noise the least bandwidths are the best.
  @Test(.slow) func `narrow bandwidths that are good are evaluated`() throws {
    let count = CriterionSample.smallestTable
    let keys = (0..<count).map { Double($0) / Double(count) }
    let sample = try Sample(keys, keys.map { .sin(2e5 * $0) })
    let selection = try Bandwidths.select(.leaveOneOut, for: sample)
    var criterion = try BandwidthCriterion(.leaveOneOut, of: sample)
    criterion.sample = nil
    let full = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    #expect(selection.bandwidths == full.bandwidths)
  }

  /// A burst of fast and large waves between two runs of the sample decides the criterion, and only a window too
  /// narrow for the rest of the curve follows it.
  @Test(.slow) func `what the sample does not see is not taken for chance`() throws {
    let count = 4 * CriterionSample.smallestTable
    let keys = (0..<count).map { Double($0) / Double(count) }
    let runs = try #require(BandwidthCriterion(.leaveOneOut, of: Sample(keys, keys)).sample).runs
    let gaps = zip(runs, runs.dropFirst()).map { $0.upperBound..<$1.lowerBound }
    let burst = try #require(gaps.max { $0.count < $1.count })
    var random = SplitMix64(seed: 5)
    let values = keys.indices.map { row in
      random.uniform() + (burst.contains(row) ? 1_000 * .sin(0.3 * Double(row)) : 0)
    }
    var criterion = try BandwidthCriterion(.leaveOneOut, of: Sample(keys, values))
    let sampled = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    criterion.sample = nil
    let full = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    #expect(sampled.bandwidths == full.bandwidths)
    // A few rows wide.
    #expect(full.bandwidths[0] * Double(count) < 20)
  }

  /// Most gaps are wide, yet half of the rows would have as many keys in reach.
  @Test func `a dense cluster is not sampled`() throws {
    let count = CriterionSample.smallestTable
    let keys = (0..<count).map { row in
      row < count / 2 - 100 ? Double(row) * 1e-9 : Double(row)
    }
    let sample = try #require(
      BandwidthCriterion(.leaveOneOut, of: Sample(keys, keys.map { .sin($0) })).sample)
    for isFew in [true, false] {
      #expect(!sample.isWorthwhile(at: 0.25, ofFew: isFew))
      #expect(sample.isWorthwhile(at: 1e-9, ofFew: isFew))
    }
  }

  @Test func `small tables, weights, kernels that reach far and chosen engines are not sampled`()
    throws
  {
    let keys = (0..<CriterionSample.smallestTable).map(Double.init)
    let (large, small) = (try Sample(keys, keys), try Sample([1, 2, 4], [1, 2, 3]))
    #expect(try BandwidthCriterion(.leaveOneOut, of: large).sample != nil)
    #expect(try BandwidthCriterion(.leaveOneOut, of: small).sample == nil)
    #expect(try BandwidthCriterion(.correctedAkaike, of: large).sample == nil)
    let weighted = try Sample(keys, keys, weights: keys.map { 1 + $0 })
    #expect(try BandwidthCriterion(.leaveOneOut, of: weighted).sample == nil)
    for kernel in [Kernel.boxcar, .laplacian, .cauchy] {
      #expect(
        try BandwidthCriterion(.leaveOneOut, of: large, similarity: Similarity(kernel)).sample
          == nil)
    }
    #expect(
      try BandwidthCriterion(
        .leaveOneOut, of: large, computation: Computation(engine: .cells)
      ).sample == nil)
  }
}
