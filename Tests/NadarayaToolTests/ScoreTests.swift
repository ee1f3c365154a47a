import Foundation
import Testing
import _TestSupport

@Suite struct ScoreTests {
  let tool: Tool

  static let keys = [[1.0, 2], [0, -1], [3, 0.5], [-2, 2]]
  static let values = [1.0, 5, -2, 4]

  init() throws {
    tool = try Tool()
    let rows = zip(Self.keys, Self.values).map { "\($0[0]),\($0[1]),\($1)\n" }.joined()
    try tool.write("a,b,y\n" + rows, to: "data.csv")
    try tool.write("a,b\n0.5,1\n-1,2\n", to: "new.csv")
  }

  static let queries = [[0.5, 1], [-1.0, 2]]

  private func estimates(_ options: String...) throws -> [Double] {
    let result = try tool.run(
      ["predict", "data.csv", "-x", "a,b", "-y", "y", "--at", "new.csv"] + options)
    #expect(result.status == 0, "\(result.error)")
    return numbers(result.text, "y_hat")
  }

  /// The values under softmax of some scores; a few roundings of numbers up to 5.
  private func expectSoftmax(
    _ estimates: [Double], of score: ([Double], [Double]) -> Double
  ) {
    let expected = Self.queries.map { query in
      let weights = Self.keys.map { exp(score(query, $0)) }
      let total = weights.reduce(0, +)
      return zip(weights, Self.values).reduce(0) { $0 + $1.0 / total * $1.1 }
    }
    #expect(Laws.deviation(estimates, expected, relativeTo: 5) < Rounding.tens)
  }

  private func product(_ query: [Double], _ key: [Double]) -> Double {
    query[0] * key[0] + query[1] * key[1]
  }

  @Test func `dot products and cosines are pooled under softmax over their temperature`() throws {
    expectSoftmax(try estimates("--score", "dot-product")) { product($0, $1) / 2.0.squareRoot() }
    expectSoftmax(try estimates("--score", "dot-product", "--temperature", "3")) {
      product($0, $1) / 3
    }
    expectSoftmax(try estimates("--score", "cosine", "--temperature", "0.5")) {
      product($0, $1) / (product($0, $0) * product($1, $1)).squareRoot() / 0.5
    }
  }

  @Test func `sparsemax of a Gaussian is the scores above the level at which they sum to 1`() throws
  {
    let result = try tool.run(
      "attention", "data.csv", "-x", "a,b", "--at", "new.csv", "--bandwidth", "1.5",
      "--normalization", "sparsemax")
    let columns = columns(result.text)
    for (query, point) in Self.queries.enumerated() {
      let scores = Self.keys.map {
        -(pow(point[0] - $0[0], 2) + pow(point[1] - $0[1], 2)) / (2 * 1.5 * 1.5)
      }
      let sorted = scores.sorted(by: >)
      // The longest run of largest scores that all lie above the level of their own sum.
      let level = (1...4).map { count in
        (sorted.prefix(count).reduce(0, +) - 1) / Double(count)
      }.enumerated().last { sorted[$0.offset] > $0.element }!.element
      for row in columns["query"]!.indices where columns["query"]![row] == "\(query)" {
        let key = Int(columns["key"]![row])!
        let weight = Double(columns["weight"]![row])!
        // A few roundings of scores down to −10.
        #expect(abs(weight - max(scores[key] - level, 0)) < 1e-14)
      }
    }
  }

  @Test func `entmax with alpha 2 is sparsemax, and near 1 nearly softmax`() throws {
    let sparse = try estimates("--bandwidth", "2", "--normalization", "sparsemax")
    let entmax = try estimates("--bandwidth", "2", "--normalization", "entmax", "--alpha", "2")
    #expect(Laws.deviation(sparse, entmax, relativeTo: 5) < Rounding.tens)
    let soft = try estimates("--bandwidth", "2")
    let near = try estimates(
      "--bandwidth", "2", "--normalization", "entmax", "--alpha", "1.000001")
    // Shares change by about (α − 1)·z²/2, and z² is at most 25 here.
    #expect(Laws.deviation(soft, near, relativeTo: 5) < 1e-4)
    #expect(Laws.deviation(soft, sparse, relativeTo: 5) > 1e-3)
  }

  @Test func `diagnostics have the effective sample size alone, and figures are drawn`() throws {
    let result = try tool.run(
      "predict", "data.csv", "-x", "a,b", "-y", "y", "--score", "dot-product", "--diagnostics")
    #expect(result.text.hasPrefix("a,b,y_hat,effective_n\n"))
    for kind in [[], ["--attention"], ["--residuals"]] {
      let drawn = try tool.run(
        ["plot", "data.csv", "-x", "a,b", "-y", "y", "--normalization", "entmax"] + kind)
      #expect(drawn.text.hasPrefix("<svg"), "\(drawn.error)")
    }
  }

  @Test(arguments: [
    (["--temperature", "2"], "--temperature needs --score dot-product or cosine"),
    (["--score", "cosine", "--temperature", "0"], "--temperature 0.0 is not a positive number"),
    (["--alpha", "2"], "--alpha needs --normalization entmax"),
    (["--normalization", "entmax", "--alpha", "1"], "--alpha 1.0 is not above 1"),
    (
      ["--score", "dot-product", "--bandwidth", "2"],
      "--bandwidth cannot be combined with --score dot-product"
    ),
    (["--score", "dot-product", "--degree", "1"], "--score needs --degree 0"),
    (
      ["--normalization", "sparsemax", "--causal"],
      "--normalization cannot be combined with --causal"
    ),
    (["--normalization", "sparsemax", "--neighbors", "2"], "cannot be combined with --neighbors"),
    (["--score", "cosine", "--level", "0.9"], "intervals are not available for other scores"),
  ])
  func `options that make no sense together are refused`(options: [String], words: String) throws {
    let result = try tool.run(
      ["predict", "data.csv", "-x", "a,b", "-y", "y", "--output", "out.csv"] + options)
    #expect(result.status == 64)
    #expect(result.error.contains(words), "\(result.error)")
    #expect(try !tool.files().contains("out.csv"))
  }
}
