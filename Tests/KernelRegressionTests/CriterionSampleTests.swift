import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelRegression

/// Large tables, whose narrow bandwidths are judged by a sample of the rows.
@Suite struct CriterionSampleTests {
  /// Waves of four lengths, of which the finer are about as large as the noise, so that fitting each and smoothing
  /// it away cost about the same; rows in random order.
  private func table(_ seed: UInt64, uneven: Bool) throws -> Sample {
    var random = SplitMix64(seed: seed)
    let count = CriterionSample.smallestTable
    let keys = (0..<count).map { _ in
      let u = random.uniform()
      return uneven ? u.squareRoot() : u
    }
    let waves = [40.0, 400, 4_000].map {
      (frequency: $0 * (0.5 + random.uniform()), size: 0.02 + 0.3 * random.uniform())
    }
    let values = keys.map { key in
      // A sum of twelve uniform numbers is nearly normal, of variance 1.
      let noise = (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() }
      return waves.reduce(.sin(7 * key) + 0.3 * noise) { $0 + $1.size * .sin($1.frequency * key) }
    }
    return try Sample(keys, values)
  }

  @Test(.sweep, arguments: 0..<20)
  func `the bandwidth chosen is that of the full search`(seed: Int) throws {
    let full = try expectSameAsFull(.gaussian, degree: 0, seed: seed)
    // The waves make several minima.
    if seed == 0 { #expect(full.minima.count > 1) }
  }

  /// Local polynomials and compact kernels are sampled at every bandwidth.
  @Test(
    .sweep,
    arguments: [
      (Kernel.gaussian, 1, 0), (.gaussian, 1, 1), (.gaussian, 2, 2), (.epanechnikov, 0, 0),
      (.epanechnikov, 0, 1), (.biweight, 0, 2), (.tricube, 1, 0),
    ])
  func `so is that of local polynomials and compact kernels`(
    kernel: Kernel, degree: Int, seed: Int
  ) throws {
    _ = try expectSameAsFull(kernel, degree: degree, seed: seed)
  }

  private func expectSameAsFull(
    _ kernel: Kernel, degree: Int, seed: Int
  ) throws -> BandwidthSelection {
    let sample = try table(UInt64(seed), uneven: seed.isMultiple(of: 2))
    func selection(_ search: SearchChoice) throws -> BandwidthSelection {
      try Bandwidths.select(
        .leaveOneOut, for: sample, similarity: Similarity(kernel), degree: degree,
        computation: Computation(search: search))
    }
    let (sampled, full) = try (selection(.automatic), selection(.full))
    #expect(sampled.estimates > 0)
    #expect(full.estimates == 0)
    #expect(sampled.evaluations < full.evaluations)
    #expect(sampled.bandwidths == full.bandwidths)
    #expect(sampled.criterion == full.criterion)
    // So are all minima of windows that are not narrow; others may be dropped where they are worse than chance
    // allows.
    if degree == 0, kernel.isGaussian {
      let least = try BandwidthCriterion(.leaveOneOut, of: sample).range.lowerBound
      for minimum in full.minima where minimum.bandwidths[0] > 400 * least {
        #expect(sampled.minima.contains { $0.bandwidths == minimum.bandwidths })
      }
    }
    return full
  }

  /// A minimum found and rounded by interpolated values is that by exact ones: with 13 points, the places of both
  /// agree to far more than the seven digits that are kept.
  @Test(.slow, arguments: [0, 1], 0..<3)
  func `interpolation rounds a minimum as its values do`(degree: Int, seed: Int) throws {
    let criterion = try BandwidthCriterion(
      .leaveOneOut, of: table(UInt64(seed), uneven: seed.isMultiple(of: 2)), degree: degree)
    let selection = try BandwidthSelection(
      searching: criterion, progress: nil, stepPredictions: nil)
    let lowest = selection.bandwidths[0]
    let near = try brentMinimum(
      from: .log(lowest) - 0.01, to: .log(lowest) + 0.01,
      startingAt: (.log(lowest), try criterion([lowest])), tolerance: 1e-8,
      of: { x throws(KernelRegressionError) in try criterion([.exp(x)]) })
    #expect(try criterion.roundedMinimum(near: [.exp(near.x)]).bandwidths == [lowest])
  }

  @Test func `an interpolant has the values of an analytic function, and refuses others`() throws {
    func noise(_ value: Double) -> Double { 4e-13 * value }
    // The pole is as far away as the criterion of a Gaussian is analytic, and its residue is that of a curve that
    // varies by the effective degrees of freedom, a hundred, over a million rows.
    func smooth(_ x: Double) -> Double { 1 + 1e-4 / (1 + x * x / 0.6) }
    let interpolant = try #require(
      try CriterionInterpolant(around: 0.1, noise: noise, of: smooth))
    for step in -18...18 {
      let x = 0.1 + Double(step) / 100
      // The noise that the coefficients may have is amplified by at most 3.
      #expect((interpolant(x) - smooth(x)).magnitude < 4e-13)
    }
    #expect(
      try CriterionInterpolant(
        around: 0.1, noise: noise, of: { 1 + 1e-6 * ($0 - 0.12).magnitude }) == nil)
    #expect(
      try CriterionInterpolant(around: 0.1, noise: noise, of: { $0 > 0.2 ? .infinity : 1 }) == nil)
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
    #expect(
      try BandwidthCriterion(
        .leaveOneOut, of: large, computation: Computation(search: .full)
      ).sample == nil)
  }
}
