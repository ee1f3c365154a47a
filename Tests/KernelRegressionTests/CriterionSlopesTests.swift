import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import KernelRegression

/// Slopes of criteria along the logarithms of the bandwidths, and the searches in several inputs that use them.
@Suite struct CriterionSlopesTests {
  private func table(
    _ count: Int, inputs: Int, columns: Int = 1, weighted: Bool = false, seed: UInt64
  ) throws -> Sample {
    var random = SplitMix64(seed: seed)
    let coordinates = (0..<count * inputs).map { _ in random.uniform() }
    let values = (0..<columns).map { column in
      (0..<count).map { row in
        let (first, last) = (coordinates[row * inputs], coordinates[row * inputs + inputs - 1])
        return .sin(5 * first + Double(column)) * .cos(3 * last) + 0.5 * random.uniform()
      }
    }
    return try Sample(
      keys: Points(rowMajor: coordinates, dimension: inputs), values: values,
      weights: weighted ? (0..<count).map { _ in 0.1 + random.uniform() } : nil)
  }

  /// The slopes of a criterion by differences of sixth order of its values.
  private func differences(
    _ criterion: BandwidthCriterion, at bandwidths: [Double]
  ) throws -> [Double] {
    let step = 0.01
    return try bandwidths.indices.map { input in
      func value(_ steps: Double) throws -> Double {
        var moved = bandwidths
        moved[input] *= .exp(steps * step)
        return criterion.table.combined(try criterion.report(moved), criterion.method)
      }
      var slope = 0.0
      for (steps, weight) in [(1.0, 45.0), (2, -9), (3, 1)] {
        slope += weight * (try value(steps) - value(-steps))
      }
      return slope / (60 * step)
    }
  }

  /// Differences of sixth order have the error δ⁶f⁽⁷⁾/140, some 1e-13 here, and that of the values, 1e-13 of the
  /// spread over δ; slopes differ by up to 1e-10.
  @Test(
    arguments: [(2, 0), (2, 1), (2, 2), (3, 1), (5, 0), (9, 0), (9, 1), (10, 1)],
    [BandwidthMethod.leaveOneOut, .generalizedCrossValidation, .correctedAkaike])
  func `slopes are those of the criterion`(
    _ shape: (inputs: Int, degree: Int), method: BandwidthMethod
  ) throws {
    let sample = try table(
      100, inputs: shape.inputs, columns: 2, weighted: shape.inputs.isMultiple(of: 3),
      seed: UInt64(shape.inputs))
    let criterion = try BandwidthCriterion(method, of: sample, degree: shape.degree)
    let bandwidths = (0..<shape.inputs).map { 0.3 + 0.1 * Double($0) + 0.4 * Double(shape.degree) }
    let sloped = try #require(criterion.sloped)
    let (value, slopes) = try sloped(bandwidths)
    #expect(
      value.isApproximatelyEqual(
        to: criterion.table.combined(try criterion.report(bandwidths), method),
        relativeTolerance: 1e-11))
    let expected = try differences(criterion, at: bandwidths)
    for (slope, expected) in zip(try #require(slopes), expected) {
      #expect(slope.isApproximatelyEqual(to: expected, absoluteTolerance: 1e-9))
    }
  }

  /// Far rows need anchored sums, and few keys near a row a careful fit; their slopes come from the weights.
  @Test(arguments: [0, 1]) func `so are those of narrow windows`(degree: Int) throws {
    var random = SplitMix64(seed: 3)
    var coordinates = (0..<160).map { _ in random.uniform() }
    // One row lies where all weights would round to 0.
    coordinates += [30, 30]
    let keys = Points(rowMajor: coordinates, dimension: 2)
    let sample = try Sample(
      keys: keys, values: [keys.indices.map { .sin(9 * keys[$0].reduce(0, +)) }])
    let criterion = try BandwidthCriterion(.leaveOneOut, of: sample, degree: degree)
    let bandwidths = [0.06, 0.09]
    let sloped = try #require(criterion.sloped)
    let expected = try differences(criterion, at: bandwidths)
    guard let slopes = try sloped(bandwidths).slopes else {
      // Of a fit that needs keys still farther away nothing is known.
      #expect(degree > 0)
      return
    }
    for (slope, expected) in zip(slopes, expected) {
      #expect(
        slope.isApproximatelyEqual(to: expected, absoluteTolerance: 1e-6, relativeTolerance: 1e-7))
    }
  }

  /// A sample may miss the row that leaves a window empty, or the one with all the weight.
  @Test func `compact kernels, weights and small tables are not sampled`() throws {
    let sample = try table(RowSample.smallestTable, inputs: 2, seed: 1)
    let similarities = [Similarity(.epanechnikov), Similarity(.gaussian), Similarity(.laplacian)]
    let areSampled = try similarities.map {
      try BandwidthCriterion(.leaveOneOut, of: sample, similarity: $0).rowSample != nil
    }
    #expect(areSampled == [false, true, true])
    for other in [
      try table(RowSample.smallestTable - 1, inputs: 2, seed: 1),
      try table(RowSample.smallestTable, inputs: 2, weighted: true, seed: 1),
      try table(RowSample.smallestTable, inputs: 1, seed: 1),
    ] {
      #expect(try BandwidthCriterion(.leaveOneOut, of: other).rowSample == nil)
    }
  }

  /// Slopes or differences, all rows or a sample first: the lowest minimum is the same.
  @Test(.sweep, arguments: [(2, 0), (2, 1), (4, 0), (5, 1)], 0..<2)
  func `the bandwidths chosen are those of the full search`(
    _ shape: (inputs: Int, degree: Int), seed: Int
  ) throws {
    let sample = try table(
      shape.inputs == 5 ? 200 : RowSample.smallestTable, inputs: shape.inputs,
      seed: UInt64(seed))
    var criterion = try BandwidthCriterion(.leaveOneOut, of: sample, degree: shape.degree)
    #expect((criterion.rowSample != nil) == (shape.inputs < 5))
    let quick = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    (criterion.rowSample, criterion.sloped) = (nil, nil)
    let full = try BandwidthSelection(searching: criterion, progress: nil, stepPredictions: nil)
    #expect(quick.evaluations < full.evaluations)
    let (lowest, expected) = try (#require(quick.criterion), #require(full.criterion))
    // The criterion of a minimum is within a relative 1e-8; a search may also find a lower one.
    #expect(lowest <= expected * (1 + 1e-8))
    guard lowest > expected * (1 - 1e-7) else { return }
    for (bandwidth, expected) in zip(quick.bandwidths, full.bandwidths) {
      #expect(bandwidth.isApproximatelyEqual(to: expected, relativeTolerance: 1e-3))
    }
  }
}
