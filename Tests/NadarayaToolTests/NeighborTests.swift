import Foundation
import Nadaraya
import Testing
import _TestSupport

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
      let estimator = try KernelSmoother(
        Sample(keys, values), Similarity(), neighbors: NeighborBandwidths(count: 3, center: center))
      let result = try tool.run(base + ["3"] + arguments)
      #expect(result.error.isEmpty)
      #expect(numbers(result.text, "y_hat") == (try estimator.predict(keys)))
      let others = try tool.run(base + ["3", "--leave-one-out"] + arguments)
      #expect(numbers(others.text, "y_hat") == (try estimator.predict(at: .leaveOneOut).values))
    }
  }

  @Test func `the number can be that of the least leave-one-out error`() throws {
    let selected = try Bandwidths.select(.neighbors, for: Sample(keys, values))
    let result = try tool.run(base + ["loo", "--verbose"])
    #expect(
      result.error.contains("neighbors: \(selected.neighbors?.count ?? 0) of each query, least"))
    #expect(result.error.contains("engine: neighbors, because"))
  }

  @Test(arguments: [
    (["0"], "--neighbors 0 is neither a number"), (["x"], "--neighbors x is neither a number"),
    (["3", "--bandwidth", "1"], "both set the width"),
    (["3", "--factor", "y"], "cannot be combined with --factor"),
    (["3", "--engine", "tree"], "uses its own engine"),
  ])
  func `what contradicts itself is a fault of usage`(arguments: [String], message: String) throws {
    let result = try tool.run(base + arguments)
    #expect(result.status == 64)
    #expect(result.error.contains(message), "\(result.error)")
  }

  @Test func `more neighbors than keys are a fault of the data`() throws {
    let result = try tool.run(base + ["9"])
    #expect(result.status == 65)
    #expect(
      result.error
        == "error: the number of neighbors, 9, is more than the number of keys with weight, 8\n")
  }

  @Test(.slow, arguments: ["tricube", "gaussian", "boxcar", "epanechnikov"])
  func `no place of an even grid is without support, whatever the number`(kernel: String) throws {
    let rows = (0...20).map { "\(Double($0) / 20),\($0 % 5)" }
    try tool.write("x,y\n" + rows.joined(separator: "\n") + "\n", to: "grid.csv")
    for count in [1, 2, 3, 14, 20, 21] {
      let result = try tool.run([
        "predict", "grid.csv", "-x", "x", "-y", "y", "--kernel", kernel, "--neighbors", "\(count)",
      ])
      #expect(result.error.isEmpty)
      #expect(numbers(result.text, "y_hat").allSatisfy { (0...4).contains($0) })
    }
  }

  @Test(arguments: ["1e-100", "1e-150", "1e-300"])
  func `tiny observation weights leave keys their estimates`(omega: String) throws {
    try tool.write(
      "x,y,w\n0,1,1\n0.5,2,1\n1.25,3,1\n100,4,\(omega)\n100.5,5,\(omega)\n101.25,6,\(omega)\n",
      to: "light.csv")
    try tool.write("x\n100.2\n", to: "at.csv")
    let result = try tool.run([
      "predict", "light.csv", "-x", "x", "-y", "y", "--weights", "w", "--kernel", "triweight",
      "--neighbors", "2", "--adaptive", "--at", "at.csv",
    ])
    // (1 − u²)³/D at 0.2/1.25, 0.3/0.75 and 1.05/1.25, in 30 digits.
    #expect(abs(numbers(result.text, "y_hat")[0] - 4.535913969049431) < Promise.oneInput)
  }
}
