import Nadaraya
import RealModule
import Testing
import _TestSupport

@testable import KernelRegression

/// Standard errors by mpmath; Scripts/fixtures/causal-intervals.py says how they are made.
struct CausalIntervalCase: Decodable {
  let kernel: String
  let bandwidth: Double
  let degree: Int
  let keys: [Double]
  let values: [Double]
  let weights: [Double]
  let places: [Double]
  let errors: [Double]

  func estimator() throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys, values, weights: weights),
      Similarity(try #require(Kernel(named: kernel)), bandwidths: [bandwidth]), degree: degree,
      isCausal: true)
  }
}

@Suite struct RowVarianceTests {
  /// Rows that determine themselves have less than 10⁻⁶ of Σℓ², and variances up to some thousand times
  /// what others see of theirs.
  @Test func `a causal fit has the errors of the rows that are known`() throws {
    let cases: [CausalIntervalCase] = try _TestSupport.fixture("causal-intervals.json")
    var compared = 0
    for item in cases where !item.places.isEmpty {
      let intervals = try item.estimator().confidenceIntervals(
        at: .points(item.places), level: 0.95)
      for (place, expected) in item.errors.enumerated() {
        let error = try #require(intervals.standardErrors)[0][place]
        #expect(
          abs(error - expected) <= 1e-3 * expected,
          "\(item.kernel) degree \(item.degree) at \(item.places[place]): \(error), \(expected)")
        // Student's quantile is above the normal one, and the noise that leverage hides is added.
        let half = (intervals.upper[0][place] - intervals.lower[0][place]) / 2
        #expect(half >= 1.9599 * error && half < .infinity)
        compared += 1
      }
    }
    #expect(compared > 100)
  }

  /// The first row has none before it, nobody knows its noise, and so it is at its own key.
  @Test(arguments: [Kernel.gaussian, .laplacian, .epanechnikov], [0, 1, 2, 3])
  func `a causal fit has intervals of every kind`(kernel: Kernel, degree: Int) throws {
    var random = SplitMix64(seed: 3)
    let keys = (0..<60).map { Double($0) / 4 }
    let values = keys.map { .sin($0) + random.uniform() }
    let estimator = try KernelSmoother(
      Sample(keys, values, weights: keys.indices.map { [1, 0.5, 3][$0 % 3] }),
      Similarity(kernel, bandwidths: [4]), degree: degree, isCausal: true)
    let queries = Points(keys)
    let confidence = try estimator.confidenceIntervals(at: .points(queries), level: 0.9)
    let band = try estimator.confidenceBand(at: .points(queries), level: 0.9)
    let drawn = try estimator.bootstrapIntervals(at: .points(queries), level: 0.9, replicates: 20)
    #expect(confidence.upper[0][0].isNaN && drawn.upper[0][0].isNaN)
    for query in 8..<60 {
      #expect(confidence.upper[0][query] > confidence.lower[0][query])
      #expect(band.upper[0][query] > confidence.upper[0][query])
      #expect(drawn.upper[0][query] > drawn.lower[0][query])
    }
    let variance = try estimator.summary().residualVariances[0]
    #expect(variance > 0 && variance < 10)
  }

  /// Under so narrow a bandwidth the corrected fit passes through its keys.
  ///
  /// The noise of the rows around has a standard deviation of 0.3. Of one to three rows ±0.05 would be a sixth of that.
  @Test(arguments: [Kernel.gaussian, .epanechnikov], [0, 1])
  func `no interval is without width where the fit passes through the keys`(
    kernel: Kernel, degree: Int
  ) throws {
    var random = SplitMix64(seed: 7)
    let keys = (0..<40).map { _ in 5 * random.uniform() }
    let values = keys.map { .sin(2 * $0) + 0.3 * random.normal() }
    for bandwidth in [0.006, 0.024, 0.06] {
      let estimator = try KernelSmoother(
        Sample(keys, values), Similarity(kernel, bandwidths: [bandwidth]), degree: degree)
      let queries = Points((0...400).map { Double($0) / 80 })
      let intervals = try estimator.confidenceIntervals(at: .points(queries), level: 0.95)
      let widths = zip(intervals.upper[0], intervals.lower[0]).map { $0 - $1 }
      #expect(widths.allSatisfy { $0.isNaN || $0 > 0.1 }, "\(widths.min() ?? .nan)")
      if kernel.hasLogProfile { #expect(widths.allSatisfy { !$0.isNaN }) }
    }
  }

  /// With 70 % of the rows in a cluster the bandwidth suits that, and elsewhere three rows are in reach.
  ///
  /// Of 200 tables 95 % hold, with a standard error of 1.5 %; 90 % are asked for.
  @Test(arguments: [0, 1]) func `intervals hold where rows are few beside a cluster`(
    degree: Int
  ) throws {
    func curve(_ x: Double) -> Double { .sin(4 * .pi * x) + 2 * x }
    let places = [0, 0.02, 0.1, 0.3, 0.5, 0.77, 1]
    var random = SplitMix64(seed: 11)
    var held = places.map { _ in 0 }
    for _ in 0..<200 {
      let keys = (0..<60).map { $0 < 42 ? 0.3 + 0.03 * random.normal() : random.uniform() }
      let values = keys.map { curve($0) + 0.3 * random.normal() }
      let estimator = try KernelSmoother(
        Sample(keys, values), Similarity(bandwidths: [0.04]), degree: degree)
      let intervals = try estimator.confidenceIntervals(at: .points(places), level: 0.95)
      for (place, x) in places.enumerated()
      where (intervals.lower[0][place]...intervals.upper[0][place]).contains(curve(x)) {
        held[place] += 1
      }
    }
    #expect(held.allSatisfy { $0 >= 180 }, "\(held)")
  }

  /// Normal noise of known size in the corrected fit has the spread of the formula, and its quantiles
  /// Student's: 1,000 replicates tell the ends within some 4 %, three times which are allowed.
  @Test(arguments: [0, 1]) func `the bootstrap has the intervals of the formula`(degree: Int) throws
  {
    var random = SplitMix64(seed: 5)
    let keys = (0..<50).map { _ in random.uniform() }
    let values = keys.map { .sin(5 * $0) + 0.4 * random.normal() }
    let estimator = try KernelSmoother(
      Sample(keys, values), Similarity(bandwidths: [0.08]), degree: degree)
    let queries = Points([0, 0.31, 0.77])
    let formula = try estimator.confidenceIntervals(at: .points(queries), level: 0.9)
    let drawn = try estimator.bootstrapIntervals(at: .points(queries), level: 0.9, replicates: 1000)
    for query in queries.indices {
      // By moments and by rows.
      #expect(
        abs(drawn.estimates[0][query] - formula.estimates[0][query]) < Promise.polynomial)
      let half = formula.upper[0][query] - formula.estimates[0][query]
      #expect(abs(drawn.upper[0][query] - formula.upper[0][query]) < 0.12 * half)
      #expect(abs(drawn.lower[0][query] - formula.lower[0][query]) < 0.12 * half)
    }
  }

  @Test func `a summary leaves out rows that determine themselves`() throws {
    // Without the last, 2 and 4 about their mean: e = ∓1, H = ½.
    let summary = try KernelSmoother(
      Sample([0, 1, 9], [2, 4, 7]), Similarity(.boxcar, bandwidths: [2]), degree: 0
    ).summary()
    #expect(summary.selfDeterminedRowCount == 1)
    #expect(abs(summary.residualVariances[0] - 2) < Rounding.tens)
    let alone = try KernelSmoother(
      Sample([0, 5, 9], [2, 4, 7]), Similarity(.boxcar, bandwidths: [2]), degree: 0
    ).summary()
    #expect(alone.residualVariances[0].isNaN)
    let constant = try KernelSmoother(
      Sample([0, 1, 2], [0.1, 0.1, 0.1]), Similarity(bandwidths: [2]), degree: 0
    ).summary()
    #expect(constant.rSquared[0].isNaN)
  }
}

extension SplitMix64 {
  /// A number of the standard normal distribution.
  fileprivate mutating func normal() -> Double {
    normalQuantile(min(max(uniform(), 1e-16), 1 - 1e-16))
  }
}
