import Testing

@testable import Tables

/// Columns of texts as labels.
@Suite struct LabelTests {
  private func table(
    _ text: String, numbers: [String] = [], labels: [String], missing: MissingPolicy = .fail
  ) throws(TableError) -> Table {
    try Table(
      .bytes(Array(text.utf8), name: "cars.csv"),
      TableRequest(numbers: numbers, labels: labels, missing: missing))
  }

  @Test func `levels are in the order of their first appearance and number the rows`() throws {
    let table = try table(
      "wool,n\nB,1\nA,2\nB,3\nÄ,4\n", numbers: ["n"], labels: ["wool"])
    #expect(table.columns == [[1, 2, 3, 4]])
    #expect(table.labels.map(\.name) == ["wool"])
    #expect(table.labels[0].levels == ["B", "A", "Ä"])
    #expect(table.labels[0].numbers == [0, 1, 0, 2])
    #expect(table.labels[0].texts(of: [2, 0]) == ["Ä", "B"])
  }

  @Test func `levels that are all numbers are in their order`() throws {
    let numbers = try table("a,b\n10,1\n9,1\n-1,1\n1e1,1\n", labels: ["a"]).labels[0]
    #expect(numbers.levels == ["-1", "9", "10", "1e1"])
    #expect(numbers.numbers == [2, 1, 0, 3])
    #expect(try table("a,b\n10,1\n9,1\nx,1\n", labels: ["a"]).labels[0].levels == ["10", "9", "x"])
  }

  @Test func `a label is the field's own text without quotes, or without spaces around it`() throws
  {
    let text = "a,b\n A ,1\n\" A \",1\n\"x,\"\"y\"\"\",1\n\"two\nlines\",1\nA,1\n"
    let labels = try table(text, labels: ["a"]).labels[0]
    #expect(labels.texts(of: labels.numbers) == ["A", " A ", "x,\"y\"", "two\nlines", "A"])
  }

  @Test func `a missing label is a fault or drops its row and its level`() throws {
    let text = "a,b\nx,1\nNA,2\ny,\nz,3\n"
    let error = fault { () throws(TableError) in try table(text, labels: ["a"]) }
    #expect(error?.code == .missingValue)
    #expect(error?.message == "cars.csv:3: column \"a\": \"NA\" is a missing value")
    let kept = try table(text, numbers: ["b"], labels: ["a"], missing: .drop)
    #expect(kept.columns == [[1, 3]])
    #expect(kept.droppedRows == 2)
    #expect(kept.labels[0].levels == ["x", "z"])
    #expect(kept.labels[0].numbers == [0, 1])
  }

  @Test func `a label that is no UTF-8 is a fault`() {
    let bytes = Array("a,b\nx,1\n".utf8) + [0xFF, 0x2C, 0x31, 0x0A]
    let error = fault { () throws(TableError) in
      try Table(.bytes(bytes, name: "cars.csv"), TableRequest(numbers: ["b"], labels: ["a"]))
    }
    #expect(error?.message == "cars.csv:3: column \"a\": the label is not valid UTF-8")
  }

  @Test func `numbers of an array are labels too`() throws {
    let numbers = [2, 0.5, 1, 1, 2, 0.5]
    let file = NPYFile(
      shape: "(3, 2)", data: numbers.flatMap { littleEndian($0.bitPattern) })
    let table = try Table(
      .bytes(file.bytes, name: "m.npy"), TableRequest(numbers: ["c1"], labels: ["c0"]))
    #expect(table.labels[0].levels == ["1", "2"])
    #expect(table.labels[0].numbers == [1, 0, 1])
    #expect(table.columns == [[0.5, 1, 0.5]])
  }

  @Test func `levels of another table number the rows, and unknown ones are faults`() throws {
    let keys = try table("a,b\nx,u\ny,v\nz,u\n", labels: ["a", "b"])
    let queries = try table("b,a\nv,z\nv,x\n", labels: ["a", "b"])
    #expect(try queries.levelNumbers(among: keys.labels) == [[2, 0], [1, 1]])
    let others = try table("a,b\nx,u\nx,w\nq,u\n", labels: ["a", "b"])
    let error = fault { () throws(TableError) in try others.levelNumbers(among: keys.labels) }
    #expect(error?.code == .unknownLevel)
    #expect(error?.message == "cars.csv:3: column \"b\": \"w\" does not occur among the keys")
    #expect(error?.hint == "their levels are \"u\", \"v\"")
  }

  @Test func `levels can be put in another order`() throws {
    let labels = try table("a,b\nlow,1\nhigh,1\nmiddle,1\n", labels: ["a"]).labels[0]
    let ordered = try #require(labels.ordered(by: ["low", "middle", "none", "high"]))
    #expect(ordered.levels == ["low", "middle", "high"])
    #expect(ordered.numbers == [0, 2, 1])
    #expect(labels.ordered(by: ["low", "high"]) == nil)
    #expect(labels.ordered(by: ["low", "high", "low", "middle"]) == nil)
  }
}
