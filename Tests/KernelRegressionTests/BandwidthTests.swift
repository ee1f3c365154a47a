import Foundation
import Nadaraya
import Testing
import _TestSupport

@Suite struct BandwidthTests {
  /// The criterion by refitting without each row.
  func refitted(_ data: RegressionCase, _ bandwidths: [Double]) throws -> Double {
    var trial = data
    trial.similarity = Similarity(data.similarity.kernel, bandwidths: bandwidths)
    let residuals = zip(Oracle(trial).leaveOneOut(), data.values).map { $0 - $1 }
    return residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)
  }

  @Test(.slow, arguments: [Kernel.gaussian, .epanechnikov, .tricube, .laplacian, .boxcar])
  func `no bandwidth on a fine grid beats the selected one`(kernel: Kernel) throws {
    var data = RegressionCase.random(seed: 23, kernel: kernel, count: 60)
    data.values = zip(data.keys.coordinates, data.values).map { sin(9 * $0) + 0.1 * $1 }
    let selected = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys: data.keys, values: [data.values]),
      similarity: Similarity(kernel))
    let least = try #require(selected.criterion)
    // Residuals of 0.1 beside values up to 1.3, right to 1e-12, are some 3e-11 of the criterion.
    #expect(abs(try refitted(data, selected.bandwidths) / least - 1) < 1e-9)
    for step in 0...100 {
      let bandwidth = 0.01 * pow(200, Double(step) / 100)
      let criterion = try refitted(data, [bandwidth])
      #expect(criterion.isNaN || least <= criterion * (1 + Promise.bandwidthLoss))
    }
  }

  /// Then any window supports every row, and below the least gap each has its twin's value alone.
  @Test(arguments: [Kernel.boxcar, .triangular, .epanechnikov, .triweight, .cosine])
  func `rows that all have twins get a bandwidth`(kernel: Kernel) throws {
    let values = [1.0, 2, 3, 3, 2, 1]
    let selected = try Bandwidths.select(
      .leaveOneOut, for: Sample([0, 0, 1, 1, 2, 2], values), similarity: Similarity(kernel))
    let ofTwins = 4.0 / 6
    #expect(try #require(selected.criterion) <= ofTwins * (1 + Promise.oneInput))
    #expect((0.5...32).contains(selected.bandwidths[0]))
  }

  @Test func `two inputs get a bandwidth each, and moving either makes it worse`() throws {
    var data = RegressionCase.random(seed: 29, kernel: .gaussian, dimension: 2, count: 80)
    data.values = data.keys.indices.map { key in
      sin(6 * data.keys[key].first!) + 0.1 * data.values[key]
    }
    let selected = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys: data.keys, values: [data.values]))
    #expect(selected.bandwidths[1] > 3 * selected.bandwidths[0])
    for input in 0..<2 {
      for factor in [0.98, 1.02] {
        var moved = selected.bandwidths
        moved[input] *= factor
        #expect(
          try refitted(data, moved) >= (selected.criterion ?? .nan) * (1 - Promise.bandwidthLoss))
      }
    }
  }

  @Test func `a bandwidth that leaves a row unsupported is infeasible`() throws {
    // The key at 10 has no neighbour within 7, so no bandwidth below 7 may win.
    let keys = [0, 0.5, 1, 1.5, 2, 2.5, 3, 10]
    let values = [0, 1, 0, 1, 0, 1, 0, 1.0]
    let selected = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys, values), similarity: Similarity(.epanechnikov))
    #expect(selected.bandwidths[0] > 7)
    let mean = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys, values), similarity: Similarity(.epanechnikov),
      emptyWindow: .mean)
    #expect(try #require(mean.criterion) < #require(selected.criterion))
  }

  @Test func `fewer than two rows with weight cannot be left out`() {
    for weights in [nil, [1, 0]] as [[Double]?] {
      let count = weights == nil ? 1 : 2
      let error = #expect(throws: KernelRegressionError.self) {
        try Bandwidths.select(
          .leaveOneOut,
          for: Sample(
            [Double](repeating: 1, count: count), [Double](repeating: 1, count: count),
            weights: weights))
      }
      #expect(error?.code == .tooFewKeys)
    }
  }

  @Test func `keys that are all the same have some bandwidth`() throws {
    let selected = try Bandwidths.select(.leaveOneOut, for: Sample([3, 3, 3], [1, 2, 6]))
    // The means of the others are 4, 3.5 and 1.5.
    let criterion = try #require(selected.criterion)
    #expect(abs(criterion - (9 + 2.25 + 20.25) / 3) < 10 * Rounding.hundreds)
  }

  @Test func `neither units nor rows without weight change the choice`() throws {
    var data = RegressionCase.random(seed: 31, kernel: .gaussian, count: 60)
    data.values = zip(data.keys.coordinates, data.values).map { sin(9 * $0) + 0.1 * $1 }
    let plain = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys: data.keys, values: [data.values]))
    for scale in [0x1p540, 0x1p-560] {
      let scaled = try Bandwidths.select(
        .leaveOneOut,
        for: Sample(
          keys: data.keys, values: [data.values.map { $0 * scale }],
          weights: data.values.map { _ in 0x1p1000 }))
      #expect(scaled.bandwidths == plain.bandwidths)
    }
    let padded = try Bandwidths.select(
      .leaveOneOut,
      for: Sample(
        data.keys.coordinates + [1e6], data.values + [1e9],
        weights: data.values.map { _ in 1 } + [0]))
    #expect(padded.bandwidths == plain.bandwidths)
    let other = data.keys.coordinates.map { $0 * $0 }
    let both = try [1, 0x1p-40].map { unit in
      try Bandwidths.select(
        .leaveOneOut, for: Sample(keys: data.keys, values: [data.values, other.map { $0 * unit }]))
    }
    #expect(both[0].bandwidths == both[1].bandwidths)
  }

  @Test func `an outlier does not hide the bandwidths of the rest`() throws {
    var data = RegressionCase.random(seed: 37, kernel: .gaussian, dimension: 2, count: 80)
    data.values = data.keys.indices.map { sin(9 * data.keys[$0].first!) }
    let outlier = Points(
      rowMajor: data.keys.coordinates + [1000, 0.5], dimension: 2)
    let selected = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys: outlier, values: [data.values + [0.2]]))
    #expect(selected.bandwidths[0] < 0.2)
  }
}
