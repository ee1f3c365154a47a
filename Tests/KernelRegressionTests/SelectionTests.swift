import Foundation
import KernelSums
import Nadaraya
import Testing
import _TestSupport

@testable import KernelRegression

@Suite struct SelectionTests {
  /// A criterion that is any function of the bandwidths.
  func criterion(
    keys: Points, kernel: Kernel = .gaussian,
    _ function: @escaping @Sendable ([Double]) -> Double
  ) throws -> BandwidthCriterion {
    let table = try SelectionTable(
      Sample(keys: keys, values: [keys.indices.map { $0.isMultiple(of: 2) ? 0 : 1 }]))
    return BandwidthCriterion(
      .leaveOneOut, of: table, kernel: kernel, emptyWindow: .notANumber
    ) { bandwidths throws(KernelRegressionError) in
      CriterionReport(
        rowCount: keys.count, leaveOneOutMeanSquares: [function(bandwidths)], meanSquares: [1],
        residualFreedom: 1, unsupportedRows: 0)
    }
  }

  @Test func `every minimum of a wavy curve is found, and the lowest chosen`() throws {
    let keys = Points((0...100).map(Double.init))
    // Minima where cos is −1, each lower than the last.
    let wavy = try criterion(keys: keys) { 10 + cos(20 * log($0[0])) - 0.01 * log($0[0]) }
    let selected = try BandwidthSelection(searching: wavy, progress: nil, stepPredictions: nil)
    let range = (log(0.25), log(800.0))
    let shift = asin(0.01 / 20) / 20
    let expected = (-100...100).map { (wave: Int) -> Double in
      (Double(wave) + 0.5) * Double.pi / 10 + shift
    }
    .filter { $0 > range.0 && $0 < range.1 }
    let inner = selected.minima.filter { $0.ends == [nil] }
    #expect(inner.count == expected.count)
    for (minimum, place) in zip(inner, expected) {
      // Half a unit of the seventh digit.
      #expect(abs(log(minimum.bandwidths[0]) - place) < 5.1e-7)
    }
    #expect(selected.criterion == selected.minima.map(\.criterion).min())
  }

  @Test func `a dip narrower than the grid's steps shows in the slopes around it`() throws {
    let keys = Points((0...100).map(Double.init))
    for place in stride(from: 0.1, through: 2, by: 0.037) {
      let curve = try criterion(keys: keys) { bandwidths in
        let x = log(bandwidths[0])
        return 10 + x - 0.15 * exp(-(x - place) * (x - place) / (2 * 0.06 * 0.06))
      }
      let selected = try BandwidthSelection(searching: curve, progress: nil, stepPredictions: nil)
      // Steps are 0.03; the dip's slope is 1.5 at most, beside 1 of the curve.
      #expect(selected.minima.contains { $0.ends == [nil] }, "at \(place)")
      #expect(selected.bandwidths[0] == 0.25)
      #expect(selected.minima[0].ends == [.lower])
    }
  }

  @Test func `ends of the range and flat stretches are said to be such`() throws {
    let keys = Points((0...100).map(Double.init))
    let falling = try criterion(keys: keys) { 1 + 1 / $0[0] }
    let wide = try BandwidthSelection(searching: falling, progress: nil, stepPredictions: nil)
    #expect(wide.bandwidths == [800] && wide.minima.map(\.ends) == [[.upper]])
    let flat = try criterion(keys: keys) { max(1, abs(log($0[0] / 10))) }
    let stretch = try BandwidthSelection(searching: flat, progress: nil, stepPredictions: nil)
    let interval = try #require(stretch.minima[0].stretch)
    // The grid's steps are 0.03 wide, and its suspicious intervals are halved.
    #expect(abs(log(interval.lowerBound * M_E / 10)) < 0.04)
    #expect(abs(log(interval.upperBound / M_E / 10)) < 0.04)
    #expect(interval.contains(stretch.bandwidths[0]) && stretch.criterion == 1)
    let never = try criterion(keys: keys) { _ in .nan }
    let error = #expect(throws: KernelRegressionError.self) {
      try BandwidthSelection(searching: never, progress: nil, stepPredictions: nil)
    }
    #expect(error?.code == .noFeasibleBandwidth)
  }

  @Test func `several inputs: descents meet at the minimum, and bounds are answers`() throws {
    let data = RegressionCase.random(seed: 41, kernel: .gaussian, dimension: 3, count: 50)
    let bowl = try criterion(keys: data.keys) { bandwidths in
      let (x, y) = (log(bandwidths[0] / 0.2), log(bandwidths[1] / 0.7))
      return 3 + x * x + 0.9 * x * y + 2 * y * y + x * x * x * x + 1 / (1 + bandwidths[2])
    }
    let selected = try BandwidthSelection(searching: bowl, progress: nil, stepPredictions: nil)
    // Last steps gain less than 1e-12 of 3, so that they end within some 1e-5 of the minimum. A bandwidth
    // without end leaves less than 1e-6 of 1/(1 + h).
    #expect(abs(log(selected.bandwidths[0] / 0.2)) < 1e-4)
    #expect(abs(log(selected.bandwidths[1] / 0.7)) < 1e-4)
    #expect(selected.minima[0].ends == [nil, nil, .upper], "\(selected)")
    #expect(abs((selected.criterion ?? 0) / 3 - 1) < 1e-6)
    let bounded = try BandwidthSelection(
      searching: bowl,
      bounds: [
        SearchInput(lower: 0.3, upper: 10, unit: 1, isLogarithmic: true),
        SearchInput(lower: 0.1, upper: 5, unit: 1, isLogarithmic: true),
        SearchInput(lower: 0, upper: 1, unit: 1, isLogarithmic: false),
      ], progress: nil, stepPredictions: nil)
    #expect(bounded.bandwidths[0] == 0.3 && bounded.bandwidths[2] == 1)
    #expect(bounded.minima[0].ends == [.lower, nil, .upper])
  }

  @Test(arguments: [BandwidthMethod.leaveOneOut, .generalizedCrossValidation, .correctedAkaike])
  func `no step of the boxcar's criterion is lower than the chosen one`(
    method: BandwidthMethod
  ) throws {
    let data = RegressionCase.random(seed: 43, kernel: .boxcar, count: 40, weighted: true)
    let values = zip(data.keys.coordinates, data.values).map { sin(9 * $0) + 0.2 * $1 }
    for policy in [EmptyWindowPolicy.notANumber, .nearest, .mean] {
      let selected = try Bandwidths.select(
        method, for: Sample(keys: data.keys, values: [values], weights: data.observationWeights),
        similarity: Similarity(.boxcar), emptyWindow: policy)
      let distances =
        Set(
          data.keys.coordinates.flatMap { key in data.keys.coordinates.map { abs($0 - key) } }
        ).sorted() + [2]
      var best = (criterion: Double.infinity, between: (0.0, 0.0))
      for (low, high) in zip(distances, distances.dropFirst()) {
        let criterion = try KernelSmoother(
          Sample(keys: data.keys, values: [values], weights: data.observationWeights),
          Similarity(.boxcar, bandwidths: [(low + high) / 2]), emptyWindow: policy
        ).criteria().criteria(method)[0]
        if criterion < best.criterion { best = (criterion, (low, high)) }
      }
      let criterion = try #require(selected.criterion)
      // The same sums, from the windows' ends or over all pairs.
      #expect(abs(criterion - best.criterion) <= Promise.oneInput * abs(best.criterion))
      let chosen = try #require(selected.minima.min { $0.criterion < $1.criterion }?.stretch)
      // The stretch begins right above one distance and ends at the next.
      #expect(abs(chosen.lowerBound - best.between.0) < Rounding.few)
      #expect(abs(chosen.upperBound - best.between.1) < Rounding.few || best.between.1 == 2)
      #expect(chosen.contains(selected.bandwidths[0]))
      #expect(!selected.isStepSample)
    }
  }

  @Test func `many steps are sampled, and the result says so`() throws {
    let data = RegressionCase.random(seed: 47, kernel: .boxcar, count: 1_500)
    let values = zip(data.keys.coordinates, data.values).map { sin(9 * $0) + 0.2 * $1 }
    let selected = try Bandwidths.select(
      .leaveOneOut, for: Sample(keys: data.keys, values: [values]), similarity: Similarity(.boxcar))
    #expect(selected.isStepSample)
    let stretch = try #require(selected.minima.min { $0.criterion < $1.criterion }?.stretch)
    for bandwidth in [stretch.lowerBound, selected.bandwidths[0], stretch.upperBound] {
      let criterion = try KernelSmoother(
        Sample(data.keys.coordinates, values), Similarity(.boxcar, bandwidths: [bandwidth])
      ).criteria().criteria(.leaveOneOut)[0]
      // Either has estimates within the promise, of values some five times the residuals, which are squared.
      #expect(abs(criterion / (selected.criterion ?? 0) - 1) < 1e-11)
    }
  }

  @Test func `compact kernels are sought from the first bandwidth that supports every row`() throws
  {
    let keys = [0, 0.5, 1, 1.5, 2, 2.5, 3, 10]
    let criterion = try BandwidthCriterion(
      .leaveOneOut, of: Sample(keys, [0, 1, 0, 1, 0, 1, 0, 1]), similarity: Similarity(.triangular))
    #expect(criterion.range == (7.0).nextUp...80)
    #expect(try criterion([7]) == .infinity)
    #expect(try criterion.evaluated([7]).report.unsupportedRows == 1)
    #expect(try criterion([(7.0).nextUp]) < .infinity)
  }

  @Test func `several value columns share one bandwidth whatever their units`() throws {
    let data = RegressionCase.random(seed: 53, kernel: .gaussian, count: 60)
    let (one, other) = (
      data.keys.coordinates.map { sin(9 * $0) },
      zip(data.keys.coordinates, data.values).map { $0 * $0 + 0.1 * $1 }
    )
    for method in BandwidthMethod.ofFixedBandwidths {
      let both = try [1, 0x1p-40].map { unit in
        try Bandwidths.select(
          method, for: Sample(keys: data.keys, values: [one, other.map { $0 * unit }]))
      }
      #expect(both[0].bandwidths == both[1].bandwidths)
      // A constant column has no say. Bandwidths of seven digits are within half a unit of the last.
      let padded = try Bandwidths.select(
        method, for: Sample(keys: data.keys, values: [one, other, one.map { _ in 7 }]))
      #expect(abs(padded.bandwidths[0] / both[0].bandwidths[0] - 1) < 1e-6)
    }
  }

  @Test func `formulas follow the units of the keys and the width of the kernel`() throws {
    var data = RegressionCase.random(seed: 59, kernel: .gaussian, count: 300)
    data.values = zip(data.keys.coordinates, data.values).map { sin(9 * $0) + 0.1 * $1 }
    for method in [BandwidthMethod.ruleOfThumb, .plugIn] {
      func bandwidth(_ keys: [Double], _ kernel: Kernel = .gaussian) throws -> Double {
        try Bandwidths.select(
          method, for: Sample(keys, data.values), similarity: Similarity(kernel)
        ).bandwidths[0]
      }
      let plain = try bandwidth(data.keys.coordinates)
      let moved = try bandwidth(data.keys.coordinates.map { 8 * $0 + 1024 })
      // Plug-in is rounded to seven digits, each side by half a unit.
      let tolerance = method == .plugIn ? 1.1e-6 : 1e-9
      #expect(abs(moved / plain / 8 - 1) < tolerance)
      let tricube = try bandwidth(data.keys.coordinates, .tricube)
      let matched = try #require(Kernel.tricube.bandwidth(matching: plain, of: .gaussian))
      #expect(abs(tricube / matched - 1) < tolerance)
      let error = #expect(throws: KernelRegressionError.self) {
        try bandwidth(data.keys.coordinates, .cauchy)
      }
      #expect(error?.code == .unsuitableMethod)
    }
  }

  @Test func `plug-in says what it cannot serve`() throws {
    func code(
      _ keys: Points, _ values: [Double], weights: [Double]? = nil
    ) -> KernelRegressionError.Code? {
      #expect(throws: KernelRegressionError.self) {
        try Bandwidths.select(.plugIn, for: Sample(keys: keys, values: [values], weights: weights))
      }?.code
    }
    let keys = (0..<30).map(Double.init)
    let values = keys.map { sin($0) }
    #expect(code(Points([1, 2, 3]), [1, 4, 9]) == .tooFewKeys)
    #expect(code(Points(keys.map { $0.truncatingRemainder(dividingBy: 4) }), values) == .tooFewKeys)
    #expect(code(Points(columns: [keys, keys]), values) == .unsuitableMethod)
    #expect(code(Points(keys), values, weights: keys) == .unsuitableMethod)
    #expect(code(Points(keys), keys.map { _ in 1 }) == .noFeasibleBandwidth)
  }
}
