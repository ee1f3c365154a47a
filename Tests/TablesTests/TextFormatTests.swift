import Testing

@testable import Tables

/// What can be said of delimited text instead of being found.
@Suite struct TextFormatTests {
  private func read(
    _ text: String, _ columns: [String], _ format: TextFormat, missing: MissingPolicy = .fail
  ) throws(TableError) -> Table {
    try Table(
      .bytes(Array(text.utf8), name: "cars.csv"), TableRequest(numbers: columns, missing: missing),
      format: format)
  }

  @Test("A delimiter that is said is not looked for")
  func delimiter() throws {
    let text = "a,b;c\n1,2;3\n"
    let semicolon = TextFormat(delimiter: .byte(UInt8(ascii: ";")))
    #expect(try read(text, ["c"], semicolon).columns == [[3]])
    #expect(
      try TableInput(.bytes(Array(text.utf8), name: "t"), format: semicolon).header == ["a,b", "c"])
    let colon = TextFormat(delimiter: .byte(UInt8(ascii: ":")))
    #expect(try read("x:y\n1.5:2\n", ["x", "y"], colon).columns == [[1.5], [2]])
    let space = TextFormat(delimiter: .byte(UInt8(ascii: " ")))
    #expect(try read("x  y\n1  2\n", ["x", "y"], space).columns == [[1], [2]])
  }

  @Test("Any number of spaces and tabs between fields and around rows")
  func blanks() throws {
    let blanks = TextFormat(delimiter: .blanks)
    let table = try read(" a \t b\t\n1\t 2\r\n  \n\t3  4 \n 5 6", ["a", "b"], blanks)
    #expect(table.columns == [[1, 3, 5], [2, 4, 6]])
    #expect(table.place(ofRow: 1).line == 4)
    #expect(try read("\"a b\"  c\n1  2\n", ["a b", "c"], blanks).columns == [[1], [2]])
    #expect(try read("a,b c\n\"1\" 2\n", ["a,b", "c"], blanks).columns == [[1], [2]])
    let ragged = fault { () throws(TableError) in try read("a b\n1 2 3\n", ["a"], blanks) }
    #expect(ragged?.message == "cars.csv:2: the row has 3 fields, but the header has 2")
  }

  /// The values are those of the same digits after a point, which the standard library reads.
  @Test(
    "Numbers with a decimal comma are the nearest doubles",
    arguments: [
      "1,5", "-0,1", "+3,", ",25", "1e5", "1,5E-3", "-2,2250738585072014e-308",
      "123456789012345678901234567890,5",
      "0,1000000000000000055511151231257827021181583404541015625",
      "12345678,12345678", "9007199254740993", "0,30000000000000004",
    ])
  func decimalComma(_ text: String) throws {
    let comma = TextFormat(decimalMark: UInt8(ascii: ","))
    let expected = try #require(Double(text.replacing(",", with: ".")))
    for format in [comma, TextFormat(delimiter: .byte(9), decimalMark: UInt8(ascii: ","))] {
      let separator = format.delimiter == nil ? ";" : "\t"
      let table = try read(
        "x\(separator)y\n\(text)\(separator)1\n \(text) \(separator)2\n", ["x"], format)
      #expect(table.columns[0].map(\.bitPattern) == [expected.bitPattern, expected.bitPattern])
    }
    let column = try read("x\n\(text)\n", ["x"], comma)
    #expect(column.columns == [[expected]])
  }

  @Test("Under a decimal comma a point is part of no number, and thousands have no mark")
  func points() throws {
    let comma = TextFormat(decimalMark: UInt8(ascii: ","))
    for text in ["1.5", "1.234,5", "1,5,2", ",", "1,e"] {
      let error = fault { () throws(TableError) in
        try read("x;y\n\(text);1\n", ["x"], comma)
      }
      #expect(error?.code == .notANumber, "\(text)")
    }
    // Words and infinities are what they are under a point.
    let missing = try read("x;y\nNA;1\n1,5;2\n", ["x"], comma, missing: .drop)
    #expect(missing.columns == [[1.5]])
    let infinite = fault { () throws(TableError) in try read("x;y\ninf;1\n", ["x"], comma) }
    #expect(infinite?.code == .notFinite)
  }

  @Test("Labels that are numbers are in the order of the numbers", arguments: [".", ","])
  func labels(mark: String) throws {
    let format = TextFormat(decimalMark: mark.utf8.first ?? 0)
    let rows = ["10", "9", "1.5"].map { $0.replacing(".", with: mark) }
    let text = "x;y\n" + rows.map { "\($0);1\n" }.joined()
    let table = try Table(
      .bytes(Array(text.utf8), name: "t"), TableRequest(numbers: [], labels: ["x"]), format: format)
    #expect(table.labels[0].levels == rows.reversed())
  }

  @Test("Lines of comment before the header, between rows and at the end")
  func comments() throws {
    let hash = TextFormat(comment: UInt8(ascii: "#"))
    let text = "# made, by \"hand\n#\n\nx,y\n# 1,2\n1,2\n#,,,\n\n3,4\n# end"
    let table = try read(text, ["x", "y"], hash)
    #expect(table.columns == [[1, 3], [2, 4]])
    #expect(table.place(ofRow: 0).line == 6)
    #expect(table.place(ofRow: 1).line == 9)
    #expect(try read("#\nx\n1\n#2\n3\n", ["x"], hash).columns == [[1, 3]])
    // Inside quotes and within a row it is a character like any other.
    let quoted = try read("x,s\n1,\"a\n# b\"\n2,c # d\n", ["x"], hash)
    #expect(quoted.columns == [[1, 2]])
    let aligned = TextFormat(delimiter: .blanks, comment: UInt8(ascii: "%"))
    #expect(try read(" % c\n x y\n  % c\n 1 2\n", ["x", "y"], aligned).columns == [[1], [2]])
    let binary = fault { () throws(TableError) in try read("# a\0\nx\n1\n", ["x"], hash) }
    #expect(binary?.message.contains("NUL") == true)
  }

  @Test("Without being told, a line of comment is refused with a hint")
  func hints() {
    for text in ["# made by hand\nx,y\n1,2\n", "#\nx,y\n1,2\n"] {
      let error = fault { () throws(TableError) in try read(text, ["x"], TextFormat()) }
      #expect(error?.hint == "--comment '#' skips lines that begin with #", "\(text)")
    }
    for text in ["x,y\n1,2\n# end,3\n", "x\n1\n# end\n", "x,y\n1,2\n# end\n"] {
      let error = fault { () throws(TableError) in try read(text, ["x"], TextFormat()) }
      #expect(error?.hint == "--comment '#' skips lines that begin with #", "\(text)")
    }
    let comma = fault { () throws(TableError) in try read("x;y\n1,5;2\n", ["x"], TextFormat()) }
    #expect(comma?.hint == "--decimal , reads numbers with a decimal comma")
  }
}
