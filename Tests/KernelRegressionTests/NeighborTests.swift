import Foundation
import Nadaraya
import Testing
import _TestSupport

/// A case of bandwidths from nearest keys.
struct NeighborSetting: CustomStringConvertible, Sendable {
  let kernel: Kernel
  let dimension: Int
  let combination: InputCombination
  let neighbors: NeighborBandwidths

  var description: String {
    "\(kernel.name) \(dimension) \(combination.rawValue) \(neighbors.count) \(neighbors.center)"
  }

  static let all: [NeighborSetting] = NeighborBandwidths.Center.allCases.flatMap { center in
    [Kernel.gaussian, .triangular].flatMap { kernel in
      [(1, InputCombination.product), (2, .product), (3, .radial)].flatMap {
        (dimension, combination) in
        [3, 7].map {
          NeighborSetting(
            kernel: kernel, dimension: dimension, combination: combination,
            neighbors: NeighborBandwidths(count: $0, center: center))
        }
      }
    }
  }

  /// One key in five is repeated; every third row has no weight where rows are weighted.
  func data(weighted: Bool = false) -> RegressionCase {
    var data = RegressionCase.random(
      seed: 12, kernel: kernel, dimension: dimension, count: 30, queryCount: 12,
      combination: combination, weighted: weighted)
    if weighted {
      data.observationWeights = data.observationWeights?.enumerated().map { $0 % 3 == 0 ? 0 : $1 }
    }
    // Queries inside, and the one at a key.
    data.queries = data.queries.selecting(0..<13)
    return data
  }

  static let scales = [1, 0.5, 2.0]

  func estimator(_ data: RegressionCase) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(keys: data.keys, values: [data.values], weights: data.observationWeights),
      Similarity(
        kernel, bandwidths: Array(Self.scales.prefix(dimension)), combination: combination),
      neighbors: neighbors)
  }

  /// The weights of all keys by the definition, pair by pair.
  func weights(_ data: RegressionCase, at query: ArraySlice<Double>, rows: [Int]) -> [Double] {
    func distance(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double {
      let squares = zip(zip(left, right), Self.scales).map {
        (($0.0 - $0.1) / $1) * (($0.0 - $0.1) / $1)
      }
      return dimension == 1 ? abs(left.first! - right.first!) : squares.reduce(0, +).squareRoot()
    }
    return rows.map { row in
      let isOfQueries = neighbors.center == .ofQueries
      let center = isOfQueries ? query : data.keys[row]
      let others = rows.filter { isOfQueries || $0 != row }
      let width = others.map { distance(center, data.keys[$0]) }.sorted()[neighbors.count - 1]
      let similarity = Similarity(
        kernel, bandwidths: Self.scales.prefix(dimension).map { $0 * width },
        combination: combination)
      let shrink =
        neighbors.center == .ofQueries
        ? 1 : (0..<dimension).reduce(1.0) { product, _ in product / width }
      return similarity.weight(query: query, key: data.keys[row]) * shrink
        * (data.observationWeights?[row] ?? 1)
    }
  }

  func estimate(_ data: RegressionCase, at query: ArraySlice<Double>, without row: Int? = nil)
    -> Double
  {
    let rows = data.keys.indices.filter { $0 != row && (data.observationWeights?[$0] ?? 1) > 0 }
    let weights = weights(data, at: query, rows: rows)
    return zip(weights, rows).reduce(0) { $0 + $1.0 * data.values[$1.1] } / weights.reduce(0, +)
  }
}

@Suite struct NeighborTests {
  // Thirty terms, each with a few roundings of its own; at the edge of a window the distance as a double
  // is some units in the last place off, which changes a weight by as many of its largest.
  let tolerance = 1e-12

  @Test func `estimates are those of R np where its distance is that of so many rows`() throws {
    let fixture: MixedFixture = try _TestSupport.fixture("mixed.json")
    let mcycle = try (_TestSupport.fixture("published.json") as PublishedFixture).mcycle
    for (query, value) in zip(fixture.neighbors.queries, fixture.neighbors.generalized) {
      // np counts different distances, that of a key at the query not among them.
      let distances = mcycle.keys.map { abs($0 - query) }
      let width = Set(distances).sorted()[fixture.neighbors.count]
      let rows = distances.count { $0 <= width }
      let estimator = try KernelSmoother(
        Sample(mcycle.keys, mcycle.values), Similarity(), neighbors: NeighborBandwidths(count: rows)
      )
      // R prints twelve digits.
      #expect(abs(try estimator.predict([query])[0] - value) <= 5e-12 * max(abs(value), 10))
    }
  }

  @Test(arguments: NeighborSetting.all, [false, true])
  func `estimates are those of the definition`(setting: NeighborSetting, weighted: Bool) throws {
    let data = setting.data(weighted: weighted)
    let actual = try setting.estimator(data).predict(at: .points(data.queries)).values
    let expected = data.queries.indices.map { setting.estimate(data, at: data.queries[$0]) }
    #expect(Laws.deviation(actual, expected, relativeTo: 3) < tolerance)
  }

  @Test(arguments: NeighborSetting.all, [false, true])
  func `leaving a row out equals a refit without it`(setting: NeighborSetting, weighted: Bool)
    throws
  {
    let data = setting.data(weighted: weighted)
    let actual = try setting.estimator(data).predict(at: .leaveOneOut).values
    let expected = data.keys.indices.map {
      setting.estimate(data, at: data.keys[$0], without: $0)
    }
    #expect(Laws.deviation(actual, expected, relativeTo: 3) < tolerance)
  }

  @Test(arguments: NeighborSetting.all)
  func `attention weights pool the values to the estimates`(setting: NeighborSetting) throws {
    let data = setting.data()
    let estimator = try setting.estimator(data)
    let predictions = try estimator.predict(at: .points(data.queries), diagnostics: true)
    let weights = try estimator.attentionMatrix(at: .points(data.queries))
    let sizes = try #require(predictions.effectiveSampleSizes)
    for query in data.queries.indices where predictions.values[query].isFinite {
      let column = weights.column(query)
      let pooled = zip(column, data.values).reduce(0) { $0 + $1.0 * $1.1 }
      // Values are up to 3, and sizes have weights squared and a sum of them squared.
      #expect(abs(pooled - predictions.values[query]) < 3 * tolerance)
      let size = 1 / column.reduce(0) { $0 + $1 * $1 }
      #expect(abs(sizes[query] / size - 1) < 10 * tolerance)
    }
  }

  @Test func `the boxcar takes the mean of the nearest keys`() throws {
    let estimator = try KernelSmoother(
      Sample([0, 1, 3, 7, 12], [1, 2, 4, 8, 16]), Similarity(.boxcar),
      neighbors: NeighborBandwidths(count: 2))
    let predictions = try estimator.predict(at: .points([0.25, 3, 10]), diagnostics: true)
    // 0 and 1; 3 and 1; 12 and 7.
    #expect(predictions.values == [1.5, 3, 12])
    #expect(predictions.effectiveSampleSizes == [2, 2, 2])
    // The second nearest are 0.75, 2 and 3 away.
    let distances = try #require(predictions.nearestDistances)
    for (distance, expected) in zip(distances, [0.25 / 0.75, 0, 2.0 / 3]) {
      #expect(abs(distance - expected) < Rounding.few)
    }
  }

  @Test func `keys at the query are one bandwidth, 0, and share alike`() throws {
    for kernel in Kernel.all where kernel.name != "constant" {
      let estimator = try KernelSmoother(
        Sample([1, 1, 3, 7], [1, 2, 4, 8]), Similarity(kernel),
        neighbors: NeighborBandwidths(count: 2))
      let predictions = try estimator.predict(at: .points([1]), diagnostics: true)
      #expect(predictions.values == [1.5])
      #expect(predictions.nearestDistances == [0])
    }
  }

  @Test func `a key outside all windows is an empty window of bandwidths of the keys`() throws {
    let estimator = try KernelSmoother(
      Sample([0, 1, 10, 11], [1, 2, 4, 8]), Similarity(.tricube),
      neighbors: NeighborBandwidths(count: 1, center: .ofKeys), emptyWindow: .mean)
    let predictions = try estimator.predict(at: .points([5, 0.5]))
    #expect(predictions.emptyWindows == [0])
    #expect(predictions.values == [3.75, 1.5])
  }

  @Test(arguments: NeighborBandwidths.Center.allCases)
  func `shifts and scales of the keys change nothing`(center: NeighborBandwidths.Center) throws {
    let data = RegressionCase.random(seed: 3, kernel: .gaussian, count: 80)
    func estimates(_ transform: (Double) -> Double) throws -> [Double] {
      try KernelSmoother(
        Sample(data.keys.coordinates.map(transform), data.values), Similarity(),
        neighbors: NeighborBandwidths(count: 9, center: center)
      ).predict(data.queries.coordinates.prefix(20).map(transform))
    }
    // Powers of two round nothing.
    #expect(try estimates { $0 } == estimates { 0x1p40 * $0 })
  }

  @Test func `far away the widest key decides, and no query is empty`() throws {
    let data = RegressionCase.random(seed: 3, kernel: .gaussian, count: 50)
    for center in NeighborBandwidths.Center.allCases {
      let estimator = try KernelSmoother(
        Sample(keys: data.keys, values: [data.values]), Similarity(),
        neighbors: NeighborBandwidths(count: 5, center: center))
      #expect(try estimator.predict([1e6, -1e9]).allSatisfy(\.isFinite))
    }
  }

  @Test func `more neighbors than keys are refused`() {
    #expect(throws: KernelRegressionError.self) {
      try KernelSmoother(
        Sample([0, 1, 2], [1, 2, 3]), Similarity(), neighbors: NeighborBandwidths(count: 4))
    }
  }

  @Test(arguments: NeighborBandwidths.Center.allCases)
  func `no number of neighbors has a lower criterion than the one chosen`(
    center: NeighborBandwidths.Center
  ) throws {
    let data = RegressionCase.random(seed: 8, kernel: .gaussian, count: 40)
    let selected = try Bandwidths.select(
      center == .ofKeys ? .neighborsOfKeys : .neighbors,
      for: Sample(keys: data.keys, values: [data.values]))
    let criteria = try (1...39).map {
      try KernelSmoother(
        Sample(keys: data.keys, values: [data.values]), Similarity(),
        neighbors: NeighborBandwidths(count: $0, center: center)
      ).criteria().criteria(.leaveOneOut)[0]
    }
    let (found, least) = (
      try #require(selected.neighbors), try #require(selected.criterion)
    )
    // The search scales the table, which rounds.
    #expect(abs((criteria.min() ?? 0) / least - 1) < Rounding.tens)
    #expect(abs(criteria[found.count - 1] / least - 1) < Rounding.tens)
  }

  @Test func `a Gaussian as wide as a thin tail sees the dense part, which the search knows`()
    throws
  {
    // Quantiles of a Pareto distribution; the numbers are those of numpy over all K.
    let keys = (0..<400).map { 1 / (1 - (Double($0) + 0.5) / 400) }
    let values = keys.map { 30 * exp(-$0 / 2) }
    func estimator(_ kernel: Kernel) throws -> KernelSmoother {
      try KernelSmoother(
        Sample(keys, values), Similarity(kernel), neighbors: NeighborBandwidths(count: 10))
    }
    for (kernel, count, criterion, estimate) in [
      (Kernel.gaussian, 1, 0.4565512699551192, 9.44011811),
      (.epanechnikov, 3, 2.7725834224970166e-06, 2.85161077e-09),
    ] {
      let selected = try Bandwidths.select(
        .neighbors, for: Sample(keys, values), similarity: Similarity(kernel))
      #expect(selected.neighbors?.count == count)
      // Residuals of 2e-3 beside values up to 18 lose four digits of fifteen.
      #expect(abs(try #require(selected.criterion) / criterion - 1) < 1e-10)
      // Nine digits are known.
      #expect(abs(try estimator(kernel).predict([150])[0] / estimate - 1) < 1e-8)
    }
  }
}
