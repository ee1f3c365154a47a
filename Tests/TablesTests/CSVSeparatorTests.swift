import Testing

@testable import Tables

@Suite struct CSVSeparatorTests {
  private func header(_ text: String) throws(TableError) -> [String] {
    try TableInput(.bytes(Array(text.utf8), name: "cars.csv")).header
  }

  @Test("Each separator is found by itself", arguments: [",", "\t", ";", "|", " "])
  func each(_ separator: String) throws {
    let rows = [["x", "y", "z"], ["1", "2", "3"], ["4", "5", "6"]]
    let text = rows.map { $0.joined(separator: separator) }.joined(separator: "\n")
    let table = try read(text, "x", "y", "z")
    #expect(table.columns == [[1, 4], [2, 5], [3, 6]])
  }

  @Test("What splits the rows like the header wins over what splits the header alone")
  func agreement() throws {
    #expect(try header("height (cm, net);name\n1;a\n2;b\n") == ["height (cm, net)", "name"])
    #expect(try header("a;b;c,d\n1,2\n3,4\n") == ["a;b;c", "d"])
    #expect(try header("a,b\tc,d\n1,5\t2,5\n") == ["a", "b\tc", "d"])
  }

  @Test("Separators in quotes are none")
  func quoted() throws {
    #expect(try header("\"a,b,c\";d\n\"1,2,3\";4\n") == ["a,b,c", "d"])
    #expect(try header("\"a;b\"\n1\n") == ["a;b"])
  }

  @Test("Spaces in the name of a single column do not split it")
  func oneColumn() throws {
    #expect(try header("stopping distance\n1\n2\n") == ["stopping distance"])
    #expect(try header("stopping distance\n") == ["stopping distance"])
    #expect(try header("x\n1\n") == ["x"])
  }

  @Test("A header alone is split by the separator it holds")
  func headerAlone() throws {
    #expect(try header("a;b") == ["a", "b"])
    #expect(try header("a,b,c\n") == ["a", "b", "c"])
  }

  @Test("A fault in the first rows does not hide the separator")
  func ragged() throws {
    #expect(try header("a;b\n1;2;3\n\"") == ["a", "b"])
  }
}
