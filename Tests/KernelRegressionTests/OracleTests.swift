import Nadaraya
import Testing
import _TestSupport

/// Estimates computed from the exact doubles with 120 digits, from `Scripts/fixtures/oracle.py`:
/// ties, keys on the window's edge, gaps, shifted keys, queries up to 10⁸ bandwidths away.
struct OracleFixture: Decodable {
  let datasets: [String: Dataset]
  let queries: [String: [Double]]
  let cases: [Case]

  struct Dataset: Decodable {
    let dimension: Int
    let columns: Int
    let keys: [Double]
    let values: [Double]
    let weights: [Double]?
  }

  struct Case: Decodable {
    let name: String
    let kernel: String
    let combination: String
    let bandwidths: [Double]
    let dataset: String
    let queries: String
    let predictions: [Double?]
    let effectiveSizes: [Double?]
    let leaveOneOut: [Double?]

    enum CodingKeys: String, CodingKey {
      case name
      case kernel
      case combination
      case bandwidths
      case dataset
      case queries
      case predictions
      case effectiveSizes = "effective_n"
      case leaveOneOut = "leave_one_out"
    }
  }
}

@Suite struct OracleTests {
  let fixture: OracleFixture

  init() throws { fixture = try _TestSupport.fixture("oracle.json") }

  /// What is promised of an estimate, of its value or a thousandth of the largest, and in these tables in
  /// several inputs too.
  let tolerance = Promise.oneInput

  @Test(arguments: InstructionSet.available)
  func `estimates equal those with 120 digits`(instructions: InstructionSet) throws {
    for example in fixture.cases {
      let (estimator, queries, data) = try prepare(example, instructions)
      let predictions = try estimator.predict(at: .points(queries), diagnostics: true)
      expectClose(predictions.estimates, example.predictions, data, example.name)
      let sizes = try #require(predictions.effectiveSampleSizes)
      for (index, expected) in example.effectiveSizes.enumerated() {
        #expect(
          abs(sizes[index] - (expected ?? 0)) <= tolerance * (expected ?? 0),
          "effective sample size of query \(index) of \(example.name)")
      }
      #expect(
        predictions.emptyWindows
          == example.effectiveSizes.indices.filter { example.effectiveSizes[$0] == nil },
        "\(example.name)")
      expectClose(
        try estimator.predict(at: .leaveOneOut).estimates, example.leaveOneOut, data,
        "\(example.name), left out")
    }
  }

  @Test func `attention weights pool the values to the same estimates`() throws {
    for example in fixture.cases {
      let (estimator, queries, data) = try prepare(example, .best)
      let weights = try estimator.attentionMatrix(at: .points(queries))
      let pooled = estimator.values.map { column in
        queries.indices.map { query in
          zip(weights.column(query), column).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
      expectClose(pooled, example.predictions, data, example.name)
    }
  }

  private func prepare(
    _ example: OracleFixture.Case, _ instructions: InstructionSet
  ) throws -> (KernelSmoother, Points, OracleFixture.Dataset) {
    let data = try #require(fixture.datasets[example.dataset])
    let estimator = try KernelSmoother(
      Sample(
        keys: Points(rowMajor: data.keys, dimension: data.dimension),
        values: (0..<data.columns).map { column in
          stride(from: column, to: data.values.count, by: data.columns).map { data.values[$0] }
        }, weights: data.weights),
      Similarity(
        try #require(Kernel(named: example.kernel)), bandwidths: example.bandwidths,
        combination: try #require(InputCombination(rawValue: example.combination))),
      computation: Computation(instructions: instructions))
    let queries = try #require(fixture.queries[example.queries])
    return (estimator, Points(rowMajor: queries, dimension: data.dimension), data)
  }

  private func expectClose(
    _ actual: [[Double]], _ expected: [Double?], _ data: OracleFixture.Dataset, _ name: String
  ) {
    let scale = data.values.reduce(0) { max($0, abs($1)) }
    for (index, value) in expected.enumerated() {
      let estimate = actual[index % data.columns][index / data.columns]
      if let value {
        #expect(
          abs(estimate - value) <= tolerance * max(abs(value), 1e-3 * scale),
          "query \(index / data.columns) of \(name)")
      } else {
        #expect(estimate.isNaN, "query \(index / data.columns) of \(name) has no support")
      }
    }
  }
}
