import ExplorerViews
import Nadaraya
import Tables
import Testing
import _TestSupport

@Suite struct QueryTests {
  @Test(arguments: ["gaussian", "epanechnikov"], 0...1)
  func `weights are the library's and contributors add up to the estimate`(
    kernel: String, degree: Int
  ) throws {
    let exploration = Exploration(try twoInputs(150))
    let table = try exploration.columns(["a", "b", "y"])
    let view = try exploration.view([
      "x": "a,b", "over": "b", "at": "2.5,", "query": "1.25", "h": "1,0.5", "kernel": kernel,
      "degree": "\(degree)",
    ])
    let answer = try exploration.attention(view, execution: Execution())
    let estimator = try KernelSmoother(
      Sample(keys: Points(columns: Array(table.prefix(2))), values: [table[2]]),
      Similarity(try #require(Kernel(named: kernel)), bandwidths: [1, 0.5]), degree: degree,
      computation: Computation(engine: .direct))
    let query = Points(rowMajor: [2.5, 1.25], dimension: 2)
    #expect(answer.query == [2.5, 1.25])
    let weights = try estimator.attentionMatrix(at: .points(query))
    for contributor in answer.contributors {
      // Both divide by sums of at most 150 weights.
      #expect(
        (contributor.weight.value - weights[contributor.row, 0]).magnitude < Rounding.hundreds)
      #expect(contributor.inputs == [table[0][contributor.row], table[1][contributor.row]])
      #expect(contributor.value == table[2][contributor.row])
    }
    let listed = answer.contributors.reduce(0) { $0 + $1.weight.value }
    #expect((listed + answer.remainder.weight.value - 1).magnitude < Rounding.thousands)
    let predictions = try estimator.predict(at: .points(query), diagnostics: true)
    // The promise in two inputs, and of lines. Values are up to 26, but 150 rows are summed pair by pair.
    #expect((answer.estimate.value - predictions.values[0]).magnitude < Promise.severalInputs)
    #expect(
      (answer.effectiveSampleSize.value - (predictions.effectiveSampleSizes?[0] ?? 0)).magnitude
        < Promise.severalInputs)
    #expect(
      (answer.nearest.value - (predictions.nearestDistances?[0] ?? 0)).magnitude
        < Rounding.thousands)
    let all = try exploration.weightsTable(view, execution: Execution())
    let rows = all.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    #expect(rows.count == answer.contributors.count + answer.remainder.rows)
    let sum = rows.reduce(0) { $0 + (Double($1[4]) ?? .nan) * (Double($1[3]) ?? .nan) }
    if degree == 0 { #expect((sum - predictions.values[0]).magnitude < Promise.severalInputs) }
  }

  @Test func `a query that no key supports has no estimate`() throws {
    let exploration = Exploration(try ExploredTable([("x", [0, 1, 9]), ("y", [1, 2, 3])]))
    let answer = try exploration.attention(
      try exploration.view(["kernel": "boxcar", "h": "0.5", "query": "5"]), execution: Execution())
    #expect(answer.estimate.value.isNaN && answer.entropy.value.isNaN)
    #expect(answer.effectiveSampleSize.value == 0 && answer.contributors.isEmpty)
    #expect(answer.nearest.value == 8)
  }

  @Test func `attention needs a query`() throws {
    let exploration = Exploration(.deck())
    let error = try #require(throws: ExplorationError.self) {
      try exploration.attention(try exploration.view([:]), execution: Execution())
    }
    #expect(error.parameter == "query")
  }

  @Test func `predictions are the estimator's, inputs in the order of the view`() throws {
    let exploration = Exploration(try twoInputs(80))
    let table = try exploration.columns(["a", "b", "y"])
    let view = try exploration.view(["x": "b,a", "over": "a", "h": "0.4,0.8"])
    let queries = [[1.0, 2], [0.5, 4], [1.9, 0]]
    let answer = try exploration.predictions(view, queries: queries, execution: Execution())
    let smoother = try KernelSmoother(
      Sample(keys: Points(columns: [table[1], table[0]]), values: [table[2]]),
      Similarity(bandwidths: [0.4, 0.8]), computation: Computation(engine: .direct))
    let expected = try smoother.predict(
      at: .points(Points(rowMajor: queries.flatMap(\.self), dimension: 2)), diagnostics: true)
    for (own, other) in zip(answer.estimates.values, expected.values) {
      // Both sum eighty rows pair by pair, within 1.2e-13, of values up to 26.
      #expect((own - other).magnitude < 1e-11)
    }
    for (own, other) in zip(answer.nearest.values, expected.nearestDistances ?? []) {
      #expect((own - other).magnitude < Rounding.thousands)
    }
    for wrong in [[[1.0]], [[1, .nan]], [[1, 2], [1, 2, 3]], [[1, 1e308]]] {
      let error = try #require(throws: ExplorationError.self) {
        try exploration.predictions(view, queries: wrong, execution: Execution())
      }
      #expect(error.kind == .badRequest && error.parameter == "queries")
    }
    let none = try exploration.predictions(view, queries: [], execution: Execution())
    #expect(none.estimates.values.isEmpty)
  }
}
