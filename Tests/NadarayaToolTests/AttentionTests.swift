import Foundation
import Testing
import _TestSupport

@Suite struct AttentionTests {
  let tool: Tool

  init() throws {
    tool = try Tool()
    try tool.write("x\n0\n1\n2\n3\n", to: "data.csv")
  }

  func weights(_ options: String...) throws -> [[Double]] {
    let result = try tool.run(["attention", "data.csv", "-x", "x"] + options)
    #expect(result.text.hasPrefix("query,key,weight\n"))
    return result.text.split(separator: "\n").dropFirst().map { row in
      row.split(separator: ",").compactMap { Double($0) }
    }
  }

  @Test func `all keys of all queries, largest first, summing to 1`() throws {
    let rows = try weights("--bandwidth", "1")
    #expect(rows.map { $0[0] } == (0..<16).map { Double($0 / 4) })
    for query in 0..<4 {
      let column = rows[query * 4..<(query + 1) * 4]
      #expect(abs(column.reduce(0) { $0 + $1[2] } - 1) < Rounding.few)
      #expect(Set(column.map { $0[1] }) == [0, 1, 2, 3])
      #expect(zip(column, column.dropFirst()).allSatisfy { $0[2] >= $1[2] })
      #expect(column.first?[1] == Double(query))
    }
  }

  @Test func `top and threshold keep it sparse`() throws {
    let triangular = ["--bandwidth", "2", "--kernel", "triangular"]
    func list(_ options: String...) throws -> [[Double]] {
      let result = try tool.run(["attention", "data.csv", "-x", "x"] + triangular + options)
      return result.text.split(separator: "\n").dropFirst().map { row in
        row.split(separator: ",").compactMap { Double($0) }
      }
    }
    #expect(
      try list("--top", "2") == [
        [0, 0, 1 / 1.5], [0, 1, 0.5 / 1.5], [1, 1, 0.5], [1, 0, 0.25], [2, 2, 0.5], [2, 1, 0.25],
        [3, 3, 1 / 1.5], [3, 2, 0.5 / 1.5],
      ])
    #expect(try list("--threshold", "0.5").map { $0[1] } == [0, 1, 2, 3])
    #expect(try list("--threshold", "0.25", "--leave-one-out").map { $0[0] } == [0, 1, 1, 2, 2, 3])
  }

  @Test func `a query without support has no weights to list`() throws {
    try tool.write("x\n1\n50\n", to: "queries.csv")
    let base =
      ["attention", "data.csv", "-x", "x", "--bandwidth", "0.5", "--kernel", "boxcar"]
      + ["--at", "queries.csv"]
    let result = try tool.run(base + ["--top", "3"])
    #expect(result.text.contains("0,1,1.0"))
    #expect(!result.text.contains("\n1,"))
    #expect(result.error.hasPrefix("warning: no key supports 1 of 2 queries"))
    let nearest = try tool.run(base + ["--top", "1", "--empty", "nearest"])
    #expect(nearest.text == "query,key,weight\n0,1,1.0\n1,3,1.0\n")
  }

  @Test func `choosing a bandwidth needs values`() throws {
    let result = try tool.run("attention", "data.csv", "-x", "x")
    #expect(result.status == 64)
    #expect(result.error.contains("no value columns are given"))
  }

  @Test func `a summary tells of all weights of a query`() throws {
    let base = ["attention", "data.csv", "-x", "x", "--bandwidth", "2", "--kernel", "triangular"]
    let result = try tool.run(base + ["--summary"])
    let rows = result.text.split(separator: "\n").map(String.init)
    #expect(rows.first == "query,entropy,effective_n,largest")
    // Weights 2/3 and 1/3 at the ends, 1/4, 1/2, 1/4 between.
    let ends: Double = log(3.0) - 2 / 3 * log(2.0)
    let middle: Double = 1.5 * log(2.0)
    let expected: [[Double]] = [
      [0, ends, 1.8, 2 / 3], [1, middle, 8 / 3, 0.5], [2, middle, 8 / 3, 0.5],
      [3, ends, 1.8, 2 / 3],
    ]
    #expect(rows.count == 5)
    for (row, expected) in zip(rows.dropFirst(), expected) {
      for (number, expected) in zip(row.split(separator: ","), expected) {
        // Sums of three terms with logarithms of their own.
        #expect(abs((Double(number) ?? .nan) - expected) < Rounding.tens)
      }
    }
    try tool.write("x\n50\n", to: "queries.csv")
    let empty = try tool.run(base + ["--at", "queries.csv", "--summary"])
    #expect(empty.text == "query,entropy,effective_n,largest\n0,nan,0.0,nan\n")
    #expect(empty.error.hasPrefix("warning: no key supports 1 of 1 query; nan is written there"))
  }

  @Test func `an array holds query, key and weight`() throws {
    let result = try tool.run(
      "attention", "data.csv", "-x", "x", "--bandwidth", "1", "--top", "3", "--output", "w.npy")
    #expect(result.status == 0)
    let bytes = try Data(contentsOf: tool.folder.appendingPathComponent("w.npy"))
    #expect(String(decoding: bytes.prefix(128), as: UTF8.self).contains("(12, 3)"))
  }

  @Test func `what rounds to nothing is told without a sign`() throws {
    // The weight of the last key is exp(−50), 2e-22, of a value below 0.
    try tool.write("x,y\n0,1\n1,2\n10,-3\n", to: "values.csv")
    let result = try tool.run(
      "attention", "values.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--grid", "2",
      "--explain", "0")
    #expect(result.text.contains("0.00000"))
    #expect(!result.text.contains("-0.00000"))
  }

  @Test func `an explanation adds up to the estimate`() throws {
    try tool.write("x,y,kind\n0,1,a\n1,2,b\n2,4,a\n3,8,b\n", to: "values.csv")
    let base = [
      "attention", "values.csv", "-x", "x", "-y", "y", "--bandwidth", "2", "--kernel",
      "triangular", "--explain", "1",
    ]
    let result = try tool.run(base + ["--top", "2"])
    #expect(
      result.text == """
        query 1: x = 1
        estimate of y: 2.25

        row            x  y    weight  contribution
        1              1  2   50.00 %       1.00000
        0              0  1   25.00 %       0.25000
        the other key         25.00 %       1.00000
        sum                  100.00 %       2.25000

        The attention is spread as if over 2.667 equal keys (effective sample size); its entropy is 1.04 \
        nats, and would be 1.386 if all 4 were alike.

        """)
    let json = try tool.run(base + ["--top", "1", "--format", "json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    #expect((object["estimates"] as? [String: Double]) == ["y": 2.25])
    #expect((object["others"] as? [String: Any])?["count"] as? Int == 2)
    let line = try tool.run(base + ["--degree", "1", "--leave-one-out"])
    #expect(line.text.contains("query 1: x = 1, row 1 left out"))
    #expect(line.text.contains("influence") && line.text.contains("degree 1"))
    let left = try tool.run(base + ["--leave-one-out"])
    #expect(left.text.contains("would be 1.099 if all 3 were alike"))
    let labels = try tool.run(base.map { $0 == "2" ? "2,0.5" : $0 } + ["--factor", "kind"])
    #expect(labels.text.contains("query 1: x = 1, kind = b"))
    try tool.write("x\n50\n", to: "queries.csv")
    let none = try tool.run(base.dropLast() + ["0", "--at", "queries.csv"])
    #expect(none.text == "query 0: x = 50\nestimate of y: none\nno key supports it\n")
  }
}
