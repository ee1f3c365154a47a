import Testing

@testable import Tables

/// Every fault of a text: its code, and its sentence to the letter.
@Suite struct CSVFaultTests {
  private func expect(
    _ text: String, _ columns: String..., nonNegative: Set<String> = [],
    missing: MissingPolicy = .fail, is code: TableError.Code, _ message: String,
    hint: String? = nil, _ location: SourceLocation = #_sourceLocation
  ) {
    let error = fault { () throws(TableError) in
      try read(Array(text.utf8), columns, nonNegative: nonNegative, missing: missing)
    }
    #expect(error?.code == code, sourceLocation: location)
    #expect(error?.message == message, sourceLocation: location)
    #expect(error?.hint == hint, sourceLocation: location)
  }

  private let dropHint = "--missing drop leaves out the rows with a missing value"

  // MARK: - Values

  @Test("A word where a number should be")
  func word() {
    expect(
      "speed,dist\n4,2\n7,abc\n", "dist", is: .notANumber,
      "cars.csv:3: column \"dist\": \"abc\" is not a number")
    for text in ["0x10", "1_000", "1.2.3", "12 km", "--1", "1e", "5 6", "١"] {
      expect(
        "x,y\n\(text),1\n", "x", is: .notANumber,
        "cars.csv:2: column \"x\": \"\(text)\" is not a number")
    }
    expect(
      "x,y\n\"1,5\",1\n", "x", is: .notANumber,
      "cars.csv:2: column \"x\": \"1,5\" is not a number",
      hint: "--decimal , reads numbers with a decimal comma")
    expect(
      "x,y\n\"-1,234\",1\n", "x", is: .notANumber,
      "cars.csv:2: column \"x\": \"-1,234\" is not a number",
      hint: "write numbers without commas, or use --decimal , to read decimal commas")
    for text in ["1,5,7", ",5", "1,", "1,5 m"] {
      expect(
        "x,y\n\"\(text)\",1\n", "x", is: .notANumber,
        "cars.csv:2: column \"x\": \"\(text)\" is not a number")
    }
    expect(
      "x,y\n\"a \"\"b\"\"\",1\n", "x", is: .notANumber,
      "cars.csv:2: column \"x\": \"a \"b\"\" is not a number")
  }

  @Test("Control characters in a value do not reach the terminal, and long values are cut")
  func shownValue() {
    expect(
      "x\n\"\u{1B}[31m\r\n\u{202E}\"\n", "x", is: .notANumber,
      "cars.csv:2: column \"x\": \"\\u{1b}[31m\\r\\n\\u{202e}\" is not a number")
    expect(
      "x\n\(String(repeating: "é", count: 5000))\n", "x", is: .notANumber,
      "cars.csv:2: column \"x\": \"\(String(repeating: "é", count: 60))…\" is not a number")
  }

  @Test(
    "Missing values are faults unless rows with them are dropped",
    arguments: [
      "", " ", "na", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "none", " None ", "\"\"", "\"NA\"",
    ])
  func missing(_ text: String) throws {
    let shown = text.filter { $0 != "\"" && $0 != " " }
    expect(
      "x,y\n1,2\n\(text),3\n5,6\n", "x", is: .missingValue,
      "cars.csv:3: column \"x\": \"\(shown)\" is a missing value", hint: dropHint)
    let table = try read("x,y\n1,2\n\(text),3\n5,6\n", "x", "y", missing: .drop)
    #expect(table.columns == [[1, 5], [2, 6]])
    #expect(table.droppedRows == 1)
  }

  @Test("Missing values in columns that are not wanted are nobody's concern")
  func missingElsewhere() throws {
    #expect(try read("x,y\n1,\n2,NA\n", "x").columns == [[1, 2]])
  }

  @Test("No row is left when every row has a missing value")
  func allDropped() {
    expect(
      "x,y\nNA,1\n2,\n", "x", "y", missing: .drop, is: .empty,
      "cars.csv: all 2 rows have a missing value, so no row is left")
    expect(
      "x,y\nNA,1\n", "x", missing: .drop, is: .empty,
      "cars.csv: the only row has a missing value, so no row is left")
  }

  @Test(
    "Infinity is a number nobody can compute with, under either policy",
    arguments: ["inf", "-inf", "+Inf", "Infinity", "-INFINITY"], MissingPolicy.allCases)
  func infinite(_ text: String, _ policy: MissingPolicy) {
    expect(
      "x,y\n\(text),1\n", "x", missing: policy, is: .notFinite,
      "cars.csv:2: column \"x\": \"\(text)\" is not finite")
  }

  @Test("A number too large for a double is a fault; one too small is zero")
  func outOfRange() throws {
    for text in ["1e999", "-1e999", "1.7976931348623159e308"] {
      expect(
        "x,y\n\(text),1\n", "x", is: .outOfRange,
        "cars.csv:2: column \"x\": \"\(text)\" is too large for a double")
    }
    let digits = String(repeating: "9", count: 400)
    expect(
      "x\n\(digits)\n", "x", is: .outOfRange,
      "cars.csv:2: column \"x\": \"\(digits.prefix(60))…\" is too large for a double")
    let table = try read("x,y\n1e-999,-1e-999\n", "x", "y")
    #expect(table.columns == [[0], [0]])
    #expect(table.columns[1][0].sign == .minus)
  }

  @Test("A negative number where none is allowed")
  func negative() throws {
    expect(
      "x,w\n1,0\n2,-0.5\n", "x", "w", nonNegative: ["w"], is: .outOfRange,
      "cars.csv:3: column \"w\": \"-0.5\" is negative, but this column must be ≥ 0")
    #expect(try read("x,w\n-1,-0\n", "x", "w", nonNegative: ["w"]).columns == [[-1], [0]])
  }

  // MARK: - Rows

  @Test("A row with too many or too few fields")
  func ragged() {
    expect(
      "a,b,c\n1,2,3\n1,2,3,4,5\n", "a", is: .raggedRow,
      "cars.csv:3: the row has 5 fields, but the header has 3")
    expect(
      "a,b,c\n1,2\n", "a", is: .raggedRow, "cars.csv:2: the row has 2 fields, but the header has 3")
    expect("a,b\n1\n", "b", is: .raggedRow, "cars.csv:2: the row has 1 field, but the header has 2")
    expect(
      "a,b\n1,2,\n", "b", is: .raggedRow, "cars.csv:2: the row has 3 fields, but the header has 2")
    expect(
      "a\n1,2\n", "a", is: .raggedRow, "cars.csv:2: the row has 2 fields, but the header has 1")
  }

  @Test("The first fault of the file is the one reported")
  func first() {
    expect(
      "a,b\n1,2\nx,y\n1,2,3\n", "b", "a", is: .notANumber,
      "cars.csv:3: column \"a\": \"x\" is not a number")
    expect(
      "a,b\n1,\ny,2\n", "a", "b", is: .missingValue,
      "cars.csv:2: column \"b\": \"\" is a missing value", hint: dropHint)
  }

  @Test("A row whose fields are not the columns' own says so before its values are judged")
  func raggedFirst() {
    expect(
      "a,b\nx,2,3\n", "a", is: .raggedRow, "cars.csv:2: the row has 3 fields, but the header has 2")
  }

  @Test("A dropped row hides no other fault in it")
  func droppedButFaulty() {
    expect(
      "a,b\nNA,x\n", "a", "b", missing: .drop, is: .notANumber,
      "cars.csv:2: column \"b\": \"x\" is not a number")
  }

  @Test("Lines are counted as an editor counts them")
  func lines() throws {
    expect(
      "a,b\n\"1\n2\r3\r\n4\",5\n\n6,x\n", "b", is: .notANumber,
      "cars.csv:7: column \"b\": \"x\" is not a number")
    expect(
      "a,b\r1,2\r3,x\r", "b", is: .notANumber, "cars.csv:3: column \"b\": \"x\" is not a number")
    let text = "note,b\n\"1\n2\",1\n\nx,NA\nx,2\nx,3\n\"\n\",4\nx,5"
    let table = try read(text, "b", missing: .drop)
    let places = (0..<5).map { table.place(ofRow: $0).description }
    #expect(places == ["cars.csv:2", "cars.csv:6", "cars.csv:7", "cars.csv:8", "cars.csv:10"])
    #expect(table.place(ofRow: 4, column: "b").description == "cars.csv:10: column \"b\"")
  }

  // MARK: - Text

  @Test("A quote that is never closed is named where it opened")
  func unclosed() {
    expect(
      "a,b\n1,2\n\"x\ny\",\"z\n3,4\n", "a", is: .unclosedQuote,
      "cars.csv:4: column \"b\": the quote that opens here is never closed")
    expect(
      "a,\"b\n1,2\n", "a", is: .unclosedQuote,
      "cars.csv:1: the quote that opens here is never closed")
  }

  @Test("Text after a closing quote")
  func afterQuote() {
    expect(
      "a,b\n1,\"x \"y\" z\"\n", "a", is: .malformed,
      "cars.csv:2: column \"b\": there is text after the closing quote of \"x \"",
      hint: "a quote inside a quoted field is written twice: \"\"")
  }

  @Test("A NUL byte anywhere is no text", arguments: ["1,\0", "\0,1", "1,\"\0\"", "1,abcdefgh\0"])
  func zeroByte(_ row: String) {
    expect(
      "a,b\n1,2\n\(row)\n", "a", is: .malformed,
      "cars.csv:3: there is a NUL byte (0x00), so this is binary data, not a text table")
  }

  @Test("Binary files are called by their names")
  func binary() {
    let files: [([UInt8], String)] = [
      ([0x1F, 0x8B, 8, 0], "gzip-compressed data"),
      ([0x50, 0x4B, 3, 4, 20], "a ZIP archive or a spreadsheet"),
      (Array("PAR1abcdPAR1".utf8), "a Parquet file"),
      ([0xFF, 0xFE, 0x78, 0], "UTF-16 text"),
    ]
    for (bytes, kind) in files {
      let error = fault { () throws(TableError) in try read(bytes, ["x"]) }
      #expect(error?.code == .malformed)
      #expect(error?.message == "cars.csv: this is \(kind), not a text table")
      #expect(error?.hint != nil)
    }
    #expect(fault { () throws(TableError) in try read("PAR1,x\n1,2\n", "x") } == nil)
  }

  @Test("A column name must be UTF-8")
  func invalidName() {
    let bytes = Array("a,".utf8) + [0xFF, 0x0A] + Array("1,2\n".utf8)
    let error = fault { () throws(TableError) in try read(bytes, ["a"]) }
    #expect(error?.code == .malformed)
    #expect(error?.message == "cars.csv:1: the name of column 2 is not valid UTF-8")
  }

  @Test("Nothing, or nothing but a header")
  func empty() {
    for text in ["", "\n", "\r\n\n", "\u{FEFF}"] {
      expect(text, "a", is: .empty, "cars.csv: the table is empty")
    }
    for text in ["a,b", "a,b\n", "a,b\n\n\n"] {
      expect(text, "a", is: .empty, "cars.csv: the table has a header but no rows")
    }
  }

  // MARK: - Columns

  @Test("A column that is not there, with the nearest name where one is near")
  func noSuchColumn() {
    expect(
      "speed,dist\n1,2\n", "dits", is: .noSuchColumn,
      "cars.csv: no column \"dits\"; the columns are \"speed\", \"dist\"",
      hint: "did you mean \"dist\"?")
    expect(
      "speed,dist\n1,2\n", "Speed", is: .noSuchColumn,
      "cars.csv: no column \"Speed\"; the columns are \"speed\", \"dist\"",
      hint: "did you mean \"speed\"?")
    expect(
      "x\n1\n", "weight", is: .noSuchColumn,
      "cars.csv: no column \"weight\"; the only column is \"x\"")
    expect(
      "1.5,2\n3,4\n", "x", is: .noSuchColumn,
      "cars.csv: no column \"x\"; the columns are \"1.5\", \"2\"",
      hint: "the first line must name the columns, but this one holds numbers")
    let names = (0..<50).map { "c\($0)" }
    expect(
      "\(names.joined(separator: ","))\n", "price", is: .noSuchColumn,
      "cars.csv: no column \"price\"; the columns are "
        + names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ") + " and 30 more")
  }

  @Test("A name that occurs twice can be wanted by nobody, but may stand beside others")
  func duplicate() throws {
    expect(
      "x,y,x\n1,2,3\n", "y", "x", is: .duplicateColumn,
      "cars.csv: the header has more than one column \"x\"")
    #expect(try read("x,y,x\n1,2,3\n", "y").columns == [[2]])
  }

  @Test("The description adds the hint on a line of its own")
  func description() {
    let error = fault { () throws(TableError) in try read("dist\n1\n", "dits") }
    #expect(
      error.map(String.init(describing:))
        == "cars.csv: no column \"dits\"; the only column is \"dist\"\nhint: did you mean \"dist\"?"
    )
  }
}
