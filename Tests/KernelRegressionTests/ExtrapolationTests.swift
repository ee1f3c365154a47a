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
    let estimator = try KernelSmoother(
      Sample(
        keys: Points(keys),
        values: keys.indices.map { row in keys.indices.map { $0 == row ? 1 : 0 } }),
      Similarity(setting.kernel, bandwidths: [setting.bandwidth]), degree: setting.degree)
    let predictions = try estimator.predict(at: .points(queries))
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
    var estimator = try KernelSmoother(
      Sample(Self.minutes, Self.readings), Similarity(bandwidths: [1.5]), degree: degree)
    let places = stride(from: 0.0, through: 359, by: 0.5).map { $0 }
    let predictions = try estimator.predict(at: .points(places), gradients: true)
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
    estimator.extrapolation = .notANumber
    let left = try estimator.predict(at: .points(places), gradients: true)
    let slopes = try #require(left.gradients)[0][0]
    #expect(left.extrapolations == predictions.extrapolations)
    for index in places.indices {
      let isLeft = extrapolated.contains(index)
      #expect(left.values[index].isNaN == isLeft)
      #expect(slopes[index].isNaN == isLeft)
      if !isLeft { #expect(left.values[index] == predictions.values[index]) }
    }
  }

  @Test(.slow, arguments: 1...3)
  func `ends of the data and rows left out are no extrapolation`(degree: Int) throws {
    let mcycle = try (_TestSupport.fixture("published.json") as PublishedFixture).mcycle
    for kernel in [Kernel.gaussian, .epanechnikov, .tricube] {
      let selected = try Bandwidths.select(
        .leaveOneOut, for: Sample(mcycle.keys, mcycle.values), similarity: Similarity(kernel),
        degree: degree)
      let estimator = try KernelSmoother(
        Sample(mcycle.keys, mcycle.values), Similarity(kernel, bandwidths: selected.bandwidths),
        degree: degree)
      #expect(
        try estimator.predict(at: .points(Points(mcycle.keys).grid(200))).extrapolations.isEmpty)
    }
  }

  @Test func `means do not extrapolate, nor does the past of a causal fit`() throws {
    let mean = try KernelSmoother(
      Sample(Self.minutes, Self.readings), Similarity(bandwidths: [1.5]), degree: 0)
    #expect(try mean.predict(at: .points([-5, 180, 400])).extrapolations.isEmpty)
    let causal = try KernelSmoother(
      Sample(Self.minutes, Self.readings), Similarity(bandwidths: [10]), degree: 1, isCausal: true)
    #expect(try causal.predict(at: .points([50.5, 118.5])).extrapolations.isEmpty)
    #expect(try causal.predict(at: .points([200])).extrapolations == [0])
  }

  @Test func `in several inputs it is the range of each, and the row`() throws {
    let lattice = (0..<36).flatMap { [Double($0 / 6), Double($0 % 6)] }
    let estimator = try KernelSmoother(
      Sample(keys: Points(rowMajor: lattice, dimension: 2), values: [(0..<36).map(Double.init)]),
      Similarity(bandwidths: [1.5]), degree: 1)
    let queries = [2.5, 2.5, 0, 0, 5, 5, 5.5, 2, 2, -0.1]
    let found = try estimator.predict(at: .points(Points(rowMajor: queries, dimension: 2)))
    #expect(found.extrapolations == [3, 4])
  }

  @Test func `in two inputs a corner between two arms of keys is outside`() throws {
    let lattice: [[Double]] = (0..<36).map { [Double($0 / 6), Double($0 % 6)] }
    let arms = lattice.filter { place in place.contains { $0 < 2.5 } }
    let estimator = try KernelSmoother(
      Sample(
        keys: Points(rowMajor: Array(arms.joined()), dimension: 2),
        values: [arms.map { place in place[0] + place[1] }]), Similarity(bandwidths: [1.2, 1.2]),
      degree: 1)
    // The arms end in (2, 5) and (5, 2), and the line between them is that of the sum 7.
    let queries = [2.0, 2, 3, 3, 3.4, 3.4, 3.6, 3.6, 4, 4, 2.5, 5, 1, 4.5]
    let found = try estimator.predict(at: .points(Points(rowMajor: queries, dimension: 2)))
    #expect(found.extrapolations == [3, 4, 5])
  }

  /// By Carathéodory's theorem a place in a hull is in a simplex of its corners.
  private func isInHull(_ query: [Double], of places: [[Double]]) -> Bool {
    func determinant(_ rows: [[Double]]) -> Double {
      guard rows.count > 1 else { return rows[0][0] }
      return rows.indices.reduce(0) { sum, column in
        let minor = rows.dropFirst().map { row in
          row.indices.filter { $0 != column }.map { row[$0] }
        }
        let term = rows[0][column] * determinant(minor)
        return column.isMultiple(of: 2) ? sum + term : sum - term
      }
    }
    func isIn(_ corners: [[Double]]) -> Bool {
      let rows = corners.map { [1] + $0 }
      let whole = determinant(rows)
      return rows.indices.allSatisfy { row in
        var moved = rows
        moved[row] = [1] + query
        return determinant(moved) / whole >= 0
      }
    }
    func search(_ chosen: [[Double]], from first: Int) -> Bool {
      if chosen.count > query.count { return isIn(chosen) }
      return (first..<max(first, places.count)).contains {
        search(chosen + [places[$0]], from: $0 + 1)
      }
    }
    return search([], from: 0)
  }

  @Test(.slow, arguments: [2, 3], [Kernel.gaussian, .tricube])
  func `in several inputs the keys that carry the weight surround the query or it counts`(
    dimension: Int, kernel: Kernel
  ) throws {
    var random = SplitMix64(seed: UInt64(dimension))
    func place() -> [Double] { (0..<dimension).map { _ in random.uniform() } }
    let keys = (0..<16).map { _ in place() }
    let queries = (0..<60).map { _ in place() }
    let bandwidth = kernel == .gaussian ? 0.25 : 0.7
    // With the unit vectors for values the estimates are the row.
    let estimator = try KernelSmoother(
      Sample(
        keys: Points(rowMajor: Array(keys.joined()), dimension: dimension),
        values: keys.indices.map { row in keys.indices.map { $0 == row ? 1 : 0 } }),
      Similarity(kernel, bandwidths: [Double](repeating: bandwidth, count: dimension)), degree: 1)
    let predictions = try estimator.predict(
      at: .points(Points(rowMajor: Array(queries.joined()), dimension: dimension)))
    let empty = Set(predictions.emptyWindows)
    var outsideRange = 0
    let expected = queries.indices.filter { index in
      guard !empty.contains(index) else { return false }
      let query = queries[index]
      let weights: [Double] = keys.map { key in
        zip(key, query).reduce(1.0) { product, pair in
          product * kernel.profile((pair.0 - pair.1) / bandwidth)
        }
      }
      let least = (weights.max() ?? 0) / 1000
      let carrying = keys.indices.filter { weights[$0] > 0 && weights[$0] >= least }.map {
        keys[$0]
      }
      let isBeyond = query.indices.contains { input in
        let column = keys.map { $0[input] }
        return query[input] < (column.min() ?? 0) || query[input] > (column.max() ?? 0)
      }
      if isBeyond { outsideRange += 1 }
      let sum = predictions.estimates.reduce(0) { $0 + abs($1[index]) }
      return sum > 5 || isBeyond || !isInHull(query, of: carrying)
    }
    #expect(predictions.extrapolations == expected)
    #expect(expected.count > outsideRange && expected.count < queries.count - 4)
  }
}
