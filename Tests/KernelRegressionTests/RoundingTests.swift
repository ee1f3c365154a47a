import Foundation
import KernelSums
import Nadaraya
import Testing
import _TestSupport

@testable import KernelRegression

@Suite struct RoundingTests {
  @Test func `a rounded bandwidth is the decimal's own double`() {
    for (bandwidth, digits, expected) in [
      (1.629762768781345, 7, 1.629763), (1.629762768781345, 3, 1.63), (9.9999996, 7, 10),
      (0.0761876665, 7, 0.07618767), (7.9e-300, 2, 7.9e-300), (1.23456789e300, 7, 1.234568e300),
      (1, 7, 1), (123_456_789, 4, 123_500_000),
    ] {
      #expect(BandwidthRounding.rounded(bandwidth, digits: digits) == expected)
    }
    let around = BandwidthRounding.neighbors(2.345, digits: 2)
    #expect(around.below == 2.3 && around.above == 2.4)
    #expect(BandwidthRounding.rounded(0, digits: 3) == 0)
  }

  /// Noise of 1e-13 moves the least value of a curve like this by 1e-6, its slope's zero by 1e-11.
  @Test func `the place where the slope vanishes withstands noise`() throws {
    func curve(_ x: Double) -> Double { 5 + exp(0.5 * (x - 0.3)) - 0.5 * (x - 0.3) }
    var places: [Double] = []
    for seed in 0..<6 {
      let start = 0.3 + (Double(seed) - 2.5) * 1e-5
      let point = try #require(
        try StationaryPoint(near: [start], free: [0], reach: [.infinity], noise: 4e-12) { place in
          let hash = (place[0].bitPattern &+ UInt64(seed)) &* 0x9e37_79b9_7f4a_7c15
          return curve(place[0]) + (Double(hash >> 40) * 0x1p-24 - 0.5) * 1e-12
        })
      places.append(point.place[0])
      // 110/60 of half the noise over 0.03 times the curvature, which is a quarter. The errors told are those
      // of noise of 4e-12, eight times as much.
      #expect(abs(point.place[0] - 0.3) < 2e-10 && point.errors[0] < 2e-9)
    }
    #expect(Set(places.map { BandwidthRounding.rounded(exp($0), digits: 7) }) == [1.349859])
  }

  @Test func `several coordinates vanish at once, and kinks have no answer`() throws {
    let bowl = try #require(
      try StationaryPoint(
        near: [0.21, -0.4], free: [0, 1], reach: [.infinity, .infinity], noise: 1e-14
      ) { place in
        let (x, y) = (place[0] - 0.2, place[1] + 0.41)
        return 3 + x * x + 0.9 * x * y + 2 * y * y + x * x * x * y
      })
    // Noise of 1e-14 and curvatures of 1 and more leave some 1e-12.
    #expect(abs(bowl.place[0] - 0.2) < 1e-10 && abs(bowl.place[1] + 0.41) < 1e-10)
    let kink = try StationaryPoint(near: [0], free: [0], reach: [.infinity], noise: 1e-14) {
      1 + max(-$0[0], 0.3 * $0[0])
    }
    #expect(kink == nil)
    let saddle = try StationaryPoint(
      near: [0, 0], free: [0, 1], reach: [.infinity, .infinity], noise: 1e-14
    ) { 1 + $0[0] * $0[0] - $0[1] * $0[1] }
    #expect(saddle == nil)
  }

  private func table(_ seed: UInt64) -> RegressionCase {
    var data = RegressionCase.random(
      seed: seed, kernel: .gaussian, dimension: seed % 5 == 0 ? 2 : 1,
      count: seed % 5 == 0 ? 20 : 24 + Int(seed % 7) * 2)
    data.values = data.keys.indices.map { row in
      sin(7 * (data.keys[row].first ?? 0)) + 0.4 * data.values[row]
    }
    return data
  }

  /// Unrounded, three quarters of such tables differ, by 1e-8 and more.
  @Test(arguments: 1...9)
  func `every processor and number of threads chooses the same`(seed: Int) throws {
    let data = table(UInt64(seed))
    let kernel = [Kernel.gaussian, .epanechnikov, .biweight, .laplacian][seed % 4]
    let method = [
      BandwidthMethod.leaveOneOut, .generalizedCrossValidation, .correctedAkaike, .plugIn,
    ][seed % 5 == 0 || kernel.name == "laplacian" ? seed % 3 : seed / 4 % 4]
    var choices: [[Double]] = []
    for set in [InstructionSet.available[0], .best] {
      let selected = try Bandwidths.select(
        method, for: Sample(keys: data.keys, values: [data.values]), similarity: Similarity(kernel),
        degree: method == .plugIn ? 1 : seed % 2,
        computation: Computation(threads: set == .best ? 2 : 1, instructions: set))
      choices.append(selected.bandwidths + selected.minima.flatMap(\.bandwidths))
    }
    #expect(Set(choices).count == 1, "\(choices)")
  }

  @Test func `the criterion is that of the rounded bandwidth, and hardly above the least`() throws {
    let data = table(3)
    let selected = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys: data.keys, values: [data.values]))
    let criterion = try BandwidthCriterion(
      .leaveOneOut, of: Sample(keys: data.keys, values: [data.values]))
    #expect(selected.criterion == (try criterion(selected.bandwidths)))
    let bandwidth = selected.bandwidths[0]
    #expect(bandwidth == BandwidthRounding.rounded(bandwidth, digits: 7))
    let least = try #require(selected.criterion)
    // A seventh digit costs 1e-13 of a criterion as level as 1 + x²; this one may be steeper.
    for step in -20...20 {
      #expect(try criterion([bandwidth * (1 + Double(step) * 1e-6)]) >= least * (1 - 1e-11))
    }
  }

  @Test func `of minima that only rounding tells apart the widest is chosen`() throws {
    let keys = Points((0...100).map(Double.init))
    let table = try SelectionTable(
      Sample(keys: keys, values: [keys.indices.map { $0.isMultiple(of: 2) ? 0 : 1 }]))
    for tilt in [-1e-14, 1e-14] {
      let wavy = BandwidthCriterion(
        .leaveOneOut, of: table, kernel: .gaussian, emptyWindow: .notANumber
      ) { bandwidths throws(KernelRegressionError) in
        let x = log(bandwidths[0])
        return CriterionReport(
          rowCount: keys.count, leaveOneOutMeanSquares: [10 + cos(2 * x) + tilt * x],
          meanSquares: [1], residualFreedom: 1, unsupportedRows: 0)
      }
      let selected = try BandwidthSelection(searching: wavy, progress: nil, stepPredictions: nil)
      // cos(2x) is −1 at π/2 and 3π/2, of which 3π/2 is the last below ln 800. The seventh digit is rounded.
      #expect(abs(log(selected.bandwidths[0]) - 3 * Double.pi / 2) < 1e-6)
    }
  }
}
