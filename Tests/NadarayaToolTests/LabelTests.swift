import Foundation
import Nadaraya
import Testing

@Suite struct LabelTests {
  let tool: Tool
  let keys = [0, 0.5, 1, 1.5, 2, 2.5]
  let values = [1.0, 3.5, 2.25, -1, 0.5, 4]
  let trades = ["smith", "baker", "smith", "baker", "smith", "smith"]
  let grades = ["low", "high", "middle", "low", "high", "middle"]

  init() throws {
    tool = try Tool()
    let rows = keys.indices.map { "\(keys[$0]),\(trades[$0]),\(grades[$0]),\(values[$0])" }
    try tool.write("x,trade,grade,y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  let base = [
    "predict", "data.csv", "-x", "x", "--factor", "trade", "--ordered", "grade", "-y", "y",
    "--levels", "grade=low,middle,high",
  ]

  func estimator(
    _ bandwidths: [Double],
    _ labels: [LabelKernel] = [.aitchisonAitken, .orderedLiRacine]
  ) throws -> KernelSmoother {
    try KernelSmoother(
      Sample(
        keys: Points(columns: [
          keys, trades.map { $0 == "smith" ? 0 : 1 },
          grades.map { $0 == "low" ? 0 : $0 == "middle" ? 1 : 2 },
        ]), values: [values]), Similarity(bandwidths: bandwidths, labels: labels))
  }

  @Test func `labels are written as texts, and estimates are the library's`() throws {
    let result = try tool.run(base + ["--bandwidth", "0.5,0.2,0.4"])
    #expect(result.error.isEmpty)
    #expect(result.status == 0)
    #expect(result.text.hasPrefix("trade,grade,x,y_hat\nsmith,low,0.0,"))
    #expect(columns(result.text)["trade"] == trades)
    let estimator = try estimator([0.5, 0.2, 0.4])
    #expect(
      numbers(result.text, "y_hat") == (try estimator.predict(at: .points(estimator.keys)).values))
    let others = try tool.run(base + ["--bandwidth", "0.5,0.2,0.4", "--leave-one-out"])
    #expect(numbers(others.text, "y_hat") == (try estimator.predict(at: .leaveOneOut).values))
  }

  @Test func `the kernels of labels can be chosen`() throws {
    let result = try tool.run(
      base + [
        "--bandwidth", "0.5,0.7,0", "--factor-kernel", "li-racine", "--ordered-kernel",
        "wang-van-ryzin",
      ])
    let estimator = try estimator([0.5, 0.7, 0], [.liRacine, .wangVanRyzin])
    #expect(
      numbers(result.text, "y_hat") == (try estimator.predict(at: .points(estimator.keys)).values))
  }

  @Test func `a grid takes every combination of labels`() throws {
    let result = try tool.run(base + ["--bandwidth", "0.5,0.2,0.4", "--grid", "2"])
    let written = columns(result.text)
    #expect(written["x"] == (0..<6).flatMap { _ in ["0.0", "2.5"] })
    #expect(
      written["trade"] == [String](repeating: "smith", count: 6)
        + [String](repeating: "baker", count: 6))
    #expect(
      written["grade"]
        == (0..<2).flatMap { _ in ["low", "low", "middle", "middle", "high", "high"] })
  }

  @Test func `labels alone are inputs`() throws {
    let result = try tool.run(
      "predict", "data.csv", "--factor", "trade", "-y", "y", "--bandwidth", "0", "--grid", "2")
    #expect(result.text == "trade,y_hat\nsmith,1.9375\nbaker,1.25\n")
  }

  @Test func `queries from a file name a label that no key has`() throws {
    try tool.write("grade,x,trade\nlow,1,smith\nlow,1,cook\n", to: "queries.csv")
    let result = try tool.run(base + ["--bandwidth", "0.5,0.2,0.4", "--at", "queries.csv"])
    #expect(result.status == 65)
    #expect(
      result.error == """
        error: queries.csv:3: column "trade": "cook" does not occur among the keys
        hint: their levels are "smith", "baker"

        """)
    try tool.write("grade,x,trade\nhigh,1,smith\n", to: "queries.csv")
    let known = try tool.run(base + ["--bandwidth", "0.5,0.2,0.4", "--at", "queries.csv"])
    let expected = try estimator([0.5, 0.2, 0.4]).predict(
      at: .points(Points(columns: [[1], [0], [2]])))
    #expect(numbers(known.text, "y_hat") == expected.values)
  }

  @Test func `an order that is only that of the rows is told`() throws {
    let result = try tool.run(
      "predict", "data.csv", "--ordered", "grade", "-y", "y", "--bandwidth", "0.5")
    #expect(result.status == 0)
    #expect(result.error.contains("in the order in which they first appear: "))
  }

  @Test func `attention looks at labels`() throws {
    let result = try tool.run(
      ["attention"] + base.dropFirst() + ["--bandwidth", "0.5,0,1", "--top", "1"])
    #expect(numbers(result.text, "key") == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: [
    (["--bandwidth", "0.5,0.2"], "--bandwidth gives 2 numbers for 3 inputs"),
    (["--bandwidth", "0.5"], "--bandwidth gives 1 number for 3 inputs"),
    (["--bandwidth", "0,0.2,0.4"], "bandwidth 0.0 is not a positive number"),
    (["--bandwidth", "1,0.6,0.4"], "bandwidth 0.6 of a label is not between 0 and 0.5"),
    (["--bandwidth", "1,0.2,0.4", "--format", "npy"], "labels cannot be written as npy"),
    (
      ["--bandwidth", "1,0.2,0.4", "--factor", "y"], "\"y\" is named both as labels and as numbers"
    ),
    (["--bandwidth", "1,0.2,0.4", "--factor", "grade"], "name the column \"grade\" twice"),
    (["--bandwidth", "1,0.2,0.4", "--levels", "grade=low,high"], "lacks \"middle\""),
    (["--bandwidth", "1,0.2,0.4", "--levels", "x=1,2"], "\"x\", which --ordered does not name"),
    (["--bandwidth", "1,0.2,0.4", "--levels", "grade"], "--levels \"grade\" has no ="),
  ])
  func `what contradicts itself is a fault of usage`(arguments: [String], message: String) throws {
    let result = try tool.run(base + arguments)
    #expect(result.status == 64)
    #expect(result.error.contains(message), "\(result.error)")
  }
}
