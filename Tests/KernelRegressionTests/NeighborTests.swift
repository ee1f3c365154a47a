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
        [1, 7].map {
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
    data.queries = data.queries[0..<13]
    return data
  }

  static let scales = [1, 0.5, 2.0]

  func estimator(_ data: RegressionCase) throws -> NadarayaWatson {
    try NadarayaWatson(
      keys: data.keys, values: [data.values], observationWeights: data.observationWeights,
      kernel: kernel, neighbors: neighbors, scales: Array(Self.scales.prefix(dimension)),
      combination: combination)
  }

  /// The weights of all keys by the definition, pair by pair.
  func weights(_ data: RegressionCase, at query: ArraySlice<Double>, rows: [Int]) -> [Double] {
    func distance(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double {
      let squares = zip(zip(left, right), Self.scales).map {
        (($0.0 - $0.1) / $1) * (($0.0 - $0.1) / $1)
      }
      return dimension == 1 ? abs(left.first! - right.first!) : squares.reduce(0, +).squareRoot()
    }
    func width(_ point: ArraySlice<Double>) -> Double? {
      let distances = Set(rows.map { distance(point, data.keys[$0]) }).sorted()
      return distances.count > neighbors.count ? distances[neighbors.count] : nil
    }
    return rows.map { row in
      let center = neighbors.center == .ofQueries ? query : data.keys[row]
      guard let width = width(center) else { return 0 }
      let similarity = Similarity(
        kernel: kernel, bandwidths: Self.scales.prefix(dimension).map { $0 * width },
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
  // Thirty terms, each with a few roundings of its own; at the edge of a window the engine's bandwidth
  // is some units in the last place less, which changes a weight by as many of its largest.
  let tolerance = 1e-12

  @Test(arguments: NeighborBandwidths.Center.allCases)
  func `estimates are those of R np`(center: NeighborBandwidths.Center) throws {
    let fixture: MixedFixture = try _TestSupport.fixture("mixed.json")
    let mcycle = try (_TestSupport.fixture("published.json") as PublishedFixture).mcycle
    let estimator = try NadarayaWatson(
      keys: Points(mcycle.keys), values: [mcycle.values],
      neighbors: NeighborBandwidths(count: fixture.neighbors.count, center: center))
    let published =
      center == .ofQueries ? fixture.neighbors.generalized : fixture.neighbors.adaptive
    // R prints twelve digits.
    for (estimate, value) in zip(try estimator.predict(fixture.neighbors.queries), published) {
      #expect(abs(estimate - value) <= 5e-12 * max(abs(value), 10))
    }
  }

  @Test(arguments: NeighborSetting.all, [false, true])
  func `estimates are those of the definition`(setting: NeighborSetting, weighted: Bool) throws {
    let data = setting.data(weighted: weighted)
    let actual = try setting.estimator(data).predict(data.queries).values
    let expected = data.queries.indices.map { setting.estimate(data, at: data.queries[$0]) }
    #expect(Laws.deviation(actual, expected, relativeTo: 3) < tolerance)
  }

  @Test(arguments: NeighborSetting.all, [false, true])
  func `leaving a row out equals a refit without it`(setting: NeighborSetting, weighted: Bool)
    throws
  {
    let data = setting.data(weighted: weighted)
    let actual = try setting.estimator(data).leaveOneOut().values
    let expected = data.keys.indices.map {
      setting.estimate(data, at: data.keys[$0], without: $0)
    }
    #expect(Laws.deviation(actual, expected, relativeTo: 3) < tolerance)
  }

  @Test(arguments: NeighborSetting.all)
  func `attention weights pool the values to the estimates`(setting: NeighborSetting) throws {
    let data = setting.data()
    let estimator = try setting.estimator(data)
    let predictions = try estimator.predict(data.queries, diagnostics: true)
    let weights = try estimator.attentionWeights(at: data.queries)
    let sizes = try #require(predictions.effectiveSampleSizes)
    for query in data.queries.indices where predictions.values[query].isFinite {
      let column = weights.column(query)
      let pooled = zip(column, data.values).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(pooled - predictions.values[query]) < 3 * tolerance)
      let size = 1 / column.reduce(0) { $0 + $1 * $1 }
      #expect(abs(sizes[query] / size - 1) < 10 * tolerance)
    }
  }

  @Test func `the boxcar takes the mean of the nearest keys`() throws {
    let estimator = try NadarayaWatson(
      keys: Points([0, 1, 3, 7, 12]), values: [[1, 2, 4, 8, 16]], kernel: .boxcar,
      neighbors: NeighborBandwidths(count: 2))
    let predictions = try estimator.predict(Points([0.25, 3, 10]), diagnostics: true)
    // 0 and 1; 3 and 1; 12 and 7.
    #expect(predictions.values == [1.5, 3, 12])
    #expect(predictions.effectiveSampleSizes == [2, 2, 2])
    // The third nearest are 2.75, 3 (7 is 4 away) and 7 away.
    let distances = try #require(predictions.nearestDistances)
    for (distance, expected) in zip(distances, [0.25 / 2.75, 0, 2.0 / 7]) {
      #expect(abs(distance - expected) < 1e-15)
    }
  }

  @Test func `a query with too few distances is an empty window`() throws {
    // 1 is as far from 0 as from 2: with a single distance there is no second.
    let estimator = try NadarayaWatson(
      keys: Points([0, 2]), values: [[1, 2]], neighbors: NeighborBandwidths(count: 1),
      emptyWindow: .mean)
    let predictions = try estimator.predict(Points([1, 1.5]))
    #expect(predictions.emptyWindows == [0])
    #expect(predictions.values[0] == 1.5)
  }

  @Test(arguments: NeighborBandwidths.Center.allCases)
  func `shifts and scales of the keys change nothing`(center: NeighborBandwidths.Center) throws {
    let data = RegressionCase.random(seed: 3, kernel: .gaussian, count: 80)
    func estimates(_ transform: (Double) -> Double) throws -> [Double] {
      try NadarayaWatson(
        keys: Points(data.keys.coordinates.map(transform)), values: [data.values],
        neighbors: NeighborBandwidths(count: 9, center: center)
      ).predict(data.queries.coordinates.prefix(20).map(transform))
    }
    // Powers of two round nothing.
    #expect(try estimates { $0 } == estimates { 0x1p40 * $0 })
  }

  @Test func `far away the widest key decides, and no query is empty`() throws {
    let data = RegressionCase.random(seed: 3, kernel: .gaussian, count: 50)
    for center in NeighborBandwidths.Center.allCases {
      let estimator = try NadarayaWatson(
        keys: data.keys, values: [data.values],
        neighbors: NeighborBandwidths(count: 5, center: center))
      #expect(try estimator.predict([1e6, -1e9]).allSatisfy(\.isFinite))
    }
  }

  @Test func `more neighbors than keys are refused`() {
    #expect(throws: KernelRegressionError.self) {
      try NadarayaWatson(
        keys: Points([0, 1, 2]), values: [[1, 2, 3]], neighbors: NeighborBandwidths(count: 3))
    }
  }

  @Test(arguments: NeighborBandwidths.Center.allCases)
  func `no number of neighbors has a lower criterion than the one chosen`(
    center: NeighborBandwidths.Center
  ) throws {
    let data = RegressionCase.random(seed: 8, kernel: .gaussian, count: 40)
    let selected = try NadarayaWatson.leaveOneOutNeighbors(
      keys: data.keys, values: [data.values], center: center)
    let criteria = try (1..<39).map {
      try NadarayaWatson(
        keys: data.keys, values: [data.values],
        neighbors: NeighborBandwidths(count: $0, center: center)
      ).leaveOneOutCriteria()[0]
    }
    #expect(criteria.min() == selected.criterion)
    #expect(criteria[selected.neighbors.count - 1] == selected.criterion)
  }
}
