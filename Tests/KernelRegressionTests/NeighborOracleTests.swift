import Nadaraya
import Testing
import _TestSupport

/// Estimates in rational numbers and 800 digits; see `Scripts/fixtures/neighbors.py`.
struct NeighborFixture: Decodable {
  struct Table: Decodable {
    let keys: [Double]
    let dimension: Int
    let values: [Double]
    let scales: [Double]
    let queries: [Double]
    let weights: [Double]
  }

  struct Case: Decodable {
    let table: String
    let center: NeighborBandwidths.Center
    let kernel: String
    let combination: InputCombination
    let leftOut: [Int]
    /// Query after query, then row after row left out, for each every K.
    let estimates: [Double?]
  }

  let tables: [String: Table]
  let cases: [Case]
}

extension NeighborBandwidths.Center: Decodable {}
extension InputCombination: Decodable {}

extension NeighborFixture.Table {
  func estimator(_ item: NeighborFixture.Case, count: Int) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(
        keys: Points(rowMajor: keys, dimension: dimension), values: [values], weights: weights),
      Similarity(
        try #require(Kernel(named: item.kernel)), bandwidths: scales, combination: item.combination),
      neighbors: NeighborBandwidths(count: count, center: item.center))
  }

  var points: Points { Points(rowMajor: queries, dimension: dimension) }
}

@Suite struct NeighborOracleTests {
  static let fixture: Result<NeighborFixture, any Error> = Result {
    try _TestSupport.fixture("neighbors.json")
  }

  // Of the largest value, which is 4. Ln w has a rounding error of units in its last place, and down to
  // −230 it is trusted.
  let tolerance = 4 * Promise.oneInput

  @Test(arguments: [
    "a line", "copies", "weighted copies", "a square", "a square in other units", "a cube",
    "far in three inputs", "far in one input", "beyond pairs of doubles", "weights of 1e-100",
    "weights of 1e-150", "weights of 1e-300",
  ])
  func `estimates are those of 800 digits at every number of rows`(name: String) throws {
    let fixture = try Self.fixture.get()
    let table = try #require(fixture.tables[name])
    let total = table.weights.count
    for item in fixture.cases where item.table == name {
      for count in 1...table.weights.count where count <= table.weights.count(where: { $0 > 0 }) {
        let estimator = try table.estimator(item, count: count)
        let left = try estimator.predict(at: .leaveOneOut).values
        let found =
          try estimator.predict(at: .points(table.points)).values + item.leftOut.map { left[$0] }
        for (place, estimate) in found.enumerated() {
          let expected = item.estimates[place * total + count - 1] ?? .nan
          let isRight =
            abs(estimate - expected) <= tolerance || (estimate.isNaN && expected.isNaN)
          #expect(
            isRight,
            "\(name), \(item.kernel), \(item.center), \(item.combination), K \(count), place \(place): \(estimate), not \(expected)"
          )
        }
      }
    }
  }

  @Test func `no number of rows leaves a query without support`() throws {
    let fixture = try Self.fixture.get()
    let queries = fixture.cases.filter { $0.center == .ofQueries }
    #expect(queries.count > 100)
    for item in queries {
      let table = try #require(fixture.tables[item.table])
      for count in 1...table.weights.count(where: { $0 > 0 }) {
        let predictions = try table.estimator(item, count: count).predict(
          at: .points(table.points), diagnostics: true)
        #expect(predictions.emptyWindows.isEmpty)
        let sizes = try #require(predictions.effectiveSampleSizes)
        #expect(sizes.allSatisfy { $0 >= 1 - Promise.oneInput })
      }
    }
  }

  @Test func `attention weights pool the values to the estimates, and sparse rows are the same`()
    throws
  {
    let fixture = try Self.fixture.get()
    for item in fixture.cases {
      let table = try #require(fixture.tables[item.table])
      for count in [1, 3, 4] where count <= table.weights.count(where: { $0 > 0 }) {
        let estimator = try table.estimator(item, count: count)
        let estimates = try estimator.predict(at: .points(table.points)).values
        let weights = try estimator.attentionMatrix(at: .points(table.points))
        let sparse = try estimator.weights(
          at: .points(table.points), listing: .largest(table.values.count))
        for query in table.points.indices where estimates[query].isFinite {
          let column = weights.column(query)
          let pooled = zip(column, table.values).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(pooled - estimates[query]) <= tolerance)
          for entry in sparse.entries(ofQuery: query) {
            #expect(
              abs(entry.weight - column[column.startIndex + entry.key]) <= Promise.weight)
          }
        }
      }
    }
  }

  @Test(arguments: ["a line", "copies", "a square", "a cube", "far in three inputs"])
  func `every row twice and twice the rows change nothing`(name: String) throws {
    let fixture = try Self.fixture.get()
    let table = try #require(fixture.tables[name])
    let twice = NeighborFixture.Table(
      keys: table.keys + table.keys, dimension: table.dimension,
      values: table.values + table.values, scales: table.scales,
      queries: table.queries, weights: table.weights + table.weights)
    for item in fixture.cases where item.table == name {
      for count in 1...table.weights.count {
        let once = try table.estimator(item, count: count).predict(at: .points(table.points)).values
        let other = try twice.estimator(item, count: 2 * count).predict(at: .points(table.points))
          .values
        for (left, right) in zip(once, other) {
          #expect(abs(left - right) <= tolerance || (left.isNaN && right.isNaN))
        }
      }
    }
  }
}
