import Foundation
import Nadaraya
import Testing
import _TestSupport

@Suite struct ExtrapolationTests {
  /// Readings each minute between 0.33 and 0.46, with two hours missing.
  static let minutes = (0..<240).map { Double($0 < 120 ? $0 : $0 + 120) }
  static let readings = minutes.indices.map { 0.395 + 0.065 * Double(($0 * 37) % 101 - 50) / 50 }

  struct Setting: CustomStringConvertible, Sendable {
    let kernel: Kernel
    let degree: Int
    let bandwidth: Double
    var description: String { "\(kernel.name), degree \(degree), bandwidth \(bandwidth)" }
  }

  static let settings = [Kernel.gaussian, .epanechnikov, .laplacian].flatMap { kernel in
    (1...3).flatMap { degree in
      [1.5, 6, 40].map { Setting(kernel: kernel, degree: degree, bandwidth: $0) }
    }
  }

  /// Every fifth row of the readings, and places at keys, between them, in the gap and beyond the ends.
  static let keys = minutes.indices.filter { $0.isMultiple(of: 5) }.map { minutes[$0] }
  static let queries =
    keys.prefix(6) + [2.5, 7.25, 112, 114.9, 115, 116, 119, 126, 150, 177.5, 200, 236, 239, 240]
    + [241.5, 355, 356, 358, 370, -0.5, -4]

  @Test(arguments: settings)
  func `what counts is where the row of the smoother is large or the keys are on one side`(
    setting: Setting
  ) throws {
    let (keys, queries) = (Self.keys, Array(Self.queries))
    // With the unit vectors for values the estimates are the row.
    let estimator = try LocalPolynomial(
      keys: Points(keys),
      values: keys.indices.map { row in keys.indices.map { $0 == row ? 1 : 0 } },
      kernel: setting.kernel, bandwidths: [setting.bandwidth], degree: setting.degree)
    let predictions = try estimator.predict(Points(queries))
    let empty = Set(predictions.emptyWindows)
    let expected = queries.indices.filter { query in
      guard !empty.contains(query) else { return false }
      let sum = predictions.estimates.reduce(0) { $0 + abs($1[query]) }
      // Rounding decides nothing here: no sum is so near.
      #expect(abs(sum - 5) > 1e-6)
      return sum > 5 || isOutside(queries[query], keys, setting)
    }
    #expect(predictions.extrapolations == expected)
  }

  /// Whether the keys with a thousandth of the largest weight lie on one side.
  private func isOutside(_ query: Double, _ keys: [Double], _ setting: Setting) -> Bool {
    func log(_ key: Double) -> Double {
      let u = (query - key) / setting.bandwidth
      return setting.kernel.logProfile(u) ?? Foundation.log(setting.kernel.profile(u))
    }
    let largest = keys.map(log).max() ?? 0
    let carrying = keys.filter { log($0) >= largest - Foundation.log(1000) }
    return query < (carrying.min() ?? 0) || query > (carrying.max() ?? 0)
  }

  @Test(arguments: 1...3)
  func `a polynomial that invents numbers in a gap counts, and is NaN on request`(degree: Int)
    throws
  {
    var estimator = try LocalPolynomial(
      keys: Points(Self.minutes), values: [Self.readings], bandwidths: [1.5], degree: degree)
    let places = stride(from: 0.0, through: 359, by: 0.5).map { $0 }
    let predictions = try estimator.predict(Points(places), gradients: true)
    let extrapolated = Set(predictions.extrapolations)
    for (index, place) in places.enumerated() {
      // A line between two keys as far away is their mean.
      if place > 125, place < 234, degree > 1 || place != 179.5 {
        #expect(extrapolated.contains(index))
      }
      // Elsewhere no estimate can exceed five times the largest value.
      if !extrapolated.contains(index) { #expect(abs(predictions.values[index]) < 5 * 0.46) }
      if place <= 119 || place >= 240 { #expect(!extrapolated.contains(index)) }
    }
    estimator.extrapolationPolicy = .notANumber
    let left = try estimator.predict(Points(places), gradients: true)
    let slopes = try #require(left.gradients)[0][0]
    #expect(left.extrapolations == predictions.extrapolations)
    for index in places.indices {
      let isLeft = extrapolated.contains(index)
      #expect(left.values[index].isNaN == isLeft)
      #expect(slopes[index].isNaN == isLeft)
      if !isLeft { #expect(left.values[index] == predictions.values[index]) }
    }
  }

  @Test(arguments: 1...3)
  func `ends of the data and rows left out are no extrapolation`(degree: Int) throws {
    let mcycle = try (_TestSupport.fixture("published.json") as PublishedFixture).mcycle
    for kernel in [Kernel.gaussian, .epanechnikov, .tricube] {
      let selected = try NadarayaWatson.selectBandwidths(
        by: .leaveOneOut, keys: Points(mcycle.keys), values: [mcycle.values], kernel: kernel,
        degree: degree)
      let estimator = try LocalPolynomial(
        keys: Points(mcycle.keys), values: [mcycle.values], kernel: kernel,
        bandwidths: selected.bandwidths, degree: degree)
      #expect(try estimator.predict(Points(mcycle.keys).grid(200)).extrapolations.isEmpty)
    }
  }

  @Test func `means do not extrapolate, nor does the past of a causal fit`() throws {
    let mean = try LocalPolynomial(
      keys: Points(Self.minutes), values: [Self.readings], bandwidths: [1.5], degree: 0)
    #expect(try mean.predict(Points([-5, 180, 400])).extrapolations.isEmpty)
    let causal = try LocalPolynomial(
      keys: Points(Self.minutes), values: [Self.readings], bandwidths: [10], degree: 1,
      isCausal: true)
    #expect(try causal.predict(Points([50.5, 118.5])).extrapolations.isEmpty)
    #expect(try causal.predict(Points([200])).extrapolations == [0])
  }

  @Test func `in several inputs it is the range of each, and the row`() throws {
    let lattice = (0..<36).flatMap { [Double($0 / 6), Double($0 % 6)] }
    let estimator = try LocalPolynomial(
      keys: Points(rowMajor: lattice, dimension: 2), values: [(0..<36).map(Double.init)],
      bandwidths: [1.5], degree: 1)
    let queries = [2.5, 2.5, 0, 0, 5, 5, 5.5, 2, 2, -0.1]
    let found = try estimator.predict(Points(rowMajor: queries, dimension: 2))
    #expect(found.extrapolations == [3, 4])
  }
}
