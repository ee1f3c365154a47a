import Foundation
import Nadaraya
import Testing

@Suite struct CausalToolTests {
  let tool: Tool
  let keys = [0, 0.625, 1.25, 1.875, 2.25, 3.125, 3.25, 4.75]
  let values = [1.0, 3.5, 2.25, -1, 0.5, 4, 4.5, 7.125]

  init() throws {
    tool = try Tool()
    let rows = zip(keys, values).map { "\($0),\($1)" }
    try tool.write("x,y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  @Test func `predictions are those of the causal estimator`() throws {
    let estimator = try NadarayaWatson(
      keys: Points(keys), values: [values], bandwidths: [0.5], isCausal: true)
    let base = ["predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.5", "--causal"]
    let result = try tool.run(base)
    #expect(result.error.isEmpty)
    #expect(numbers(result.text, "y_hat") == (try estimator.predict(keys)))
    // The first row has nothing before it, and says so.
    let left = try tool.run(base + ["--leave-one-out"])
    #expect(numbers(left.text, "y_hat").dropFirst() == (try estimator.leaveOneOut().values)[1...])
    #expect(left.error.contains("no key supports 1 of 8 queries"))
    #expect(left.error.contains("hint: the earliest queries may have no key before them"))
  }

  @Test func `a figure says that later keys do not count`() throws {
    for options in [[], ["--attention"], ["--residuals"]] {
      let figure = try tool.run(
        ["plot", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.5", "--causal"] + options)
      #expect(figure.text.contains("of keys that are not later"))
    }
  }

  @Test func `the chosen bandwidth leaves the first row out`() throws {
    let selection = try NadarayaWatson.leaveOneOutBandwidths(
      keys: Points(keys), values: [values], isCausal: true)
    let result = try tool.run(
      "bandwidth", "data.csv", "-x", "x", "-y", "y", "--causal", "--verbose")
    #expect(numbers(result.text, "bandwidth").contains(selection.bandwidths[0]))
    #expect(result.error.contains("first rows: 1 row that no other precedes"))
  }

  @Test func `neighbors and labels alone have no time`() throws {
    let neighbors = try tool.run(
      "predict", "data.csv", "-x", "x", "-y", "y", "--neighbors", "3", "--causal")
    #expect(neighbors.status == 64)
    let labels = try tool.run(
      "predict", "data.csv", "--factor", "x", "-y", "y", "--bandwidth", "0.1", "--causal")
    #expect(labels.status != 0)
    #expect(labels.error.contains("labels alone have no earlier and no later"))
  }
}
