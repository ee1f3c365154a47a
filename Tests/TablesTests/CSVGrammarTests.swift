import Testing

@testable import Tables

/// What RFC 4180 and its common dialects mean.
@Suite struct CSVGrammarTests {
  @Test(
    "Every line end ends a row, and the last one needs none",
    arguments: ["\n", "\r\n", "\r"], ["", "end", "end twice"])
  func lineEnds(_ lineEnd: String, _ last: String) throws {
    let end = last == "" ? "" : last == "end" ? lineEnd : lineEnd + lineEnd
    let text = ["x,y", "1,2", "3,4"].joined(separator: lineEnd) + end
    let table = try read(text, "x", "y")
    #expect(table.header == ["x", "y"])
    #expect(table.columns == [[1, 3], [2, 4]])
    #expect(table.rowCount == 2)
  }

  @Test("Line ends may differ from row to row")
  func mixedLineEnds() throws {
    #expect(try read("x\r1\n2\r\n3\r4", "x").columns == [[1, 2, 3, 4]])
  }

  @Test("A byte order mark belongs to no name")
  func byteOrderMark() throws {
    #expect(try read("\u{FEFF}x,y\n1,2\n", "x").columns == [[1]])
    #expect(try read("\u{FEFF}\"x\",y\n1,2\n", "x").header == ["x", "y"])
  }

  @Test("Quoted fields hold separators, line breaks and doubled quotes")
  func quotes() throws {
    let text = "\"the \"\"x\"\"\",\"note, or\nnot\",y\n1,\"a,b\",2\n3,\"\"\"\r\n\"\"\",\"4\"\n"
    let table = try read(text, "the \"x\"", "y")
    #expect(table.header == ["the \"x\"", "note, or\nnot", "y"])
    #expect(table.columns == [[1, 3], [2, 4]])
  }

  @Test("A quote inside an unquoted field is a byte like any other")
  func quoteInside() throws {
    #expect(try read("x,size\n1,5\" pipe\n2,\"6\"\n", "x").columns == [[1, 2]])
  }

  @Test("Spaces and tabs around numbers and unquoted names mean nothing")
  func spaces() throws {
    let table = try read(" x , y\n 1 ,\t2\n+3,  -4e0  \n\" 5 \",6\n", "x", "y")
    #expect(table.columns == [[1, 3, 5], [2, -4, 6]])
    #expect(try read("\" x \",y\n1,2\n", " x ").columns == [[1]])
  }

  @Test("Only wanted columns need be numbers, and any bytes but NUL may stand elsewhere")
  func unwanted() throws {
    var bytes = Array("name,x,note\n".utf8)
    bytes += [0xFF, 0xFE, 0x80] + Array(",1,".utf8) + Array(1...8) + Array("é\n,2,\n".utf8)
    #expect(try read(bytes, ["x"]).columns == [[1, 2]])
  }

  @Test("Columns come in the order of the request, as often as wanted")
  func order() throws {
    let table = try read("a,b,c\n1,2,3\n4,5,6\n", "c", "a", "c")
    #expect(table.names == ["c", "a", "c"])
    #expect(table.columns == [[3, 6], [1, 4], [3, 6]])
    let none = try read("a,b\n1,2\n")
    #expect(none.columns.isEmpty && none.rowCount == 1)
  }

  @Test("Blank lines are no rows, before the header or after")
  func blankLines() throws {
    #expect(try read("\n\nx,y\n\n1,2\n\r\n3,4\n\n\n", "x").columns == [[1, 3]])
  }

  @Test("In a single column a blank line is a missing value, unless nothing follows")
  func blankLinesOfOneColumn() throws {
    let table = try read("x\n1\n\n2\n\n\n", "x", missing: .drop)
    #expect(table.columns == [[1, 2]])
    #expect(table.droppedRows == 1)
  }

  @Test("Numbers longer than the fast path's words, at every distance from the end of the input")
  func endOfInput() throws {
    for length in 1...40 {
      let digits = String(repeating: "7", count: length)
      let expected = try #require(Double(digits))
      #expect(try read("x,y\n1,\(digits)", "y").columns == [[expected]])
      #expect(try read("x,y\n\(digits),1", "y").columns == [[1]])
    }
  }

  @Test("Many rows keep their order and their values across blocks")
  func manyRows() throws {
    let count = 10_000
    let text = "i,s\n" + (0..<count).map { "\($0),\($0 * $0)\n" }.joined()
    let table = try read(text, "s", "i")
    #expect(table.columns[1] == (0..<count).map(Double.init))
    #expect(table.columns[0] == (0..<count).map { Double($0 * $0) })
  }
}
