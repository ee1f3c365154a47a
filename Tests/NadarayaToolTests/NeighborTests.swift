import Foundation
import Nadaraya
import Testing

@Suite struct NeighborTests {
  let tool: Tool
  let keys = [0, 0.625, 1.25, 1.875, 2.25, 3.125, 3.25, 4.75]
  let values = [1.0, 3.5, 2.25, -1, 0.5, 4, 4.5, 7.125]

  init() throws {
    tool = try Tool()
    let rows = zip(keys, values).map { "\($0),\($1)" }
    try tool.write("x,y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  let base = ["predict", "data.csv", "-x", "x", "-y", "y", "--neighbors"]

  @Test func `bandwidths follow from the nearest keys of queries or keys`() throws {
    for (arguments, center) in [
      ([], NeighborBandwidths.Center.ofQueries), (["--adaptive"], .ofKeys),
    ] {
      let estimator = try NadarayaWatson(
        keys: Points(keys), values: [values],
        neighbors: NeighborBandwidths(count: 3, center: center))
      let result = try tool.run(base + ["3"] + arguments)
      #expect(result.error.isEmpty)
      #expect(numbers(result.text, "y_hat") == (try estimator.predict(keys)))
      let others = try tool.run(base + ["3", "--leave-one-out"] + arguments)
      #expect(numbers(others.text, "y_hat") == (try estimator.leaveOneOut().values))
    }
  }

  @Test func `the number can be that of the least leave-one-out error`() throws {
    let selected = try NadarayaWatson.leaveOneOutNeighbors(keys: Points(keys), values: [values])
    let result = try tool.run(base + ["loo", "--verbose"])
    #expect(result.error.contains("neighbors: \(selected.neighbors.count) of each query, least"))
    #expect(result.error.contains("engine: neighbors, because"))
  }

  @Test(arguments: [
    (["0"], "--neighbors 0 is neither a number"), (["x"], "--neighbors x is neither a number"),
    (["3", "--bandwidth", "1"], "both say how wide"),
    (["3", "--factor", "y"], "does not go with --factor"),
    (["3", "--engine", "tree"], "has an engine of its own"),
  ])
  func `what contradicts itself is a fault of usage`(arguments: [String], message: String) throws {
    let result = try tool.run(base + arguments)
    #expect(result.status == 64)
    #expect(result.error.contains(message), "\(result.error)")
  }

  @Test func `more neighbors than keys are a fault of the data`() throws {
    let result = try tool.run(base + ["8"])
    #expect(result.status == 65)
    #expect(result.error == "error: 8 neighbors are asked for of 8 keys with weight\n")
  }
}
