import KernelRegression
import Nadaraya
import Testing
import _TestSupport

/// Lines from plain moments, as a database sums them.
@Suite struct QueryMomentsTests {
  /// A power of two, by which moments may stand over an anchor exactly.
  private static func power(_ exponent: Double) -> Double {
    Double(sign: .plus, exponent: Int(exponent), significand: 1)
  }

  /// The moments of some keys about a query, of one value.
  private func moments(
    _ data: RegressionCase, rows: [Int], query: Int, anchor: Double = 0
  ) throws -> QueryMoments {
    let inputs = data.keys.dimension
    var sums = [Double](repeating: 0, count: (inputs + 1) * (inputs + 2) / 2 + inputs + 1)
    var ranges = (0..<inputs).map { _ in (Double.infinity, -Double.infinity) }
    for row in rows {
      let (key, place) = (Array(data.keys[row]), Array(data.queries[query]))
      let weight = data.similarity.weight(query: place, key: key) * Self.power(-anchor)
      guard weight > 0 else { continue }
      let u = [1] + (0..<inputs).map { (key[$0] - place[$0]) / data.similarity.bandwidths[$0] }
      var next = 0
      for first in 0...inputs {
        for second in first...inputs {
          sums[next] += weight * u[first] * u[second]
          next += 1
        }
      }
      for first in 0...inputs { sums[next + first] += weight * u[first] * data.values[row] }
      for input in 0..<inputs {
        ranges[input] = (min(ranges[input].0, key[input]), max(ranges[input].1, key[input]))
      }
    }
    return try #require(
      QueryMoments(
        [anchor * 0.693_147_180_559_945_3] + sums + ranges.flatMap { [$0.0, $0.1] }, inputs: inputs,
        valueCount: 1))
  }

  /// Moments lose three digits at most where they are taken, of eighty terms.
  @Test(arguments: [1, 2])
  func `moments of two parts give the line of one piece`(_ dimension: Int) throws {
    for kernel in [Kernel.gaussian, .epanechnikov] {
      var data = RegressionCase.random(
        seed: 31, kernel: kernel, dimension: dimension, count: 80, bandwidth: 0.6)
      data.queries = data.queries.selecting(0..<10)
      let whole = try KernelSmoother(
        Sample(keys: data.keys, values: [data.values]),
        Similarity(kernel, bandwidths: data.similarity.bandwidths), degree: 1
      ).predict(at: .points(data.queries))
      var sums = try PartialSums(
        queries: data.queries, similarity: data.similarity, valueCount: 1, degree: 1)
      try sums.merge(
        plainSummaryText: sums.signature + " 0.0 0.0 80.0 0.0", keyCount: 80)
      for query in data.queries.indices {
        var both = try moments(data, rows: Array(0..<30), query: query)
        both.merge(try moments(data, rows: Array(30..<80), query: query, anchor: 3))
        let isTaken = sums.merge(both, ofQuery: query)
        #expect(isTaken)
      }
      let found = try sums.predictions().values
      #expect(Laws.deviation(found, whole.values, relativeTo: 3) < 1e-11)
    }
  }

  @Test func `keys of one place decide nothing where others have weight too`() throws {
    for (kernel, expected) in [(Kernel.epanechnikov, true), (.gaussian, false)] {
      let data = RegressionCase(
        keys: Points([2, 2, 2]), values: [1, 2, 6], queries: Points([2.5]),
        similarity: Similarity(kernel, bandwidths: [1]))
      var sums = try PartialSums(
        queries: data.queries, similarity: data.similarity, valueCount: 1, degree: 1)
      let isTaken = sums.merge(try moments(data, rows: [0, 1, 2], query: 0), ofQuery: 0)
      #expect(isTaken == expected)
    }
  }
}
