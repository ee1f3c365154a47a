import Testing

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
      #expect(abs(column.reduce(0) { $0 + $1[2] } - 1) < 1e-15)
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
    #expect(result.error.contains("no value columns are named"))
  }
}
