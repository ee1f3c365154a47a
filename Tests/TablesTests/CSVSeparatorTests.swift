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
    #expect(try header("a,b,c;d\n1;2\n") == ["a,b,c", "d"])
  }

  /// Under each candidate all rows have as many fields as the header; only one makes numbers of them.
  @Test("What makes numbers of the fields wins over what makes more fields")
  func numbers() throws {
    #expect(try header("a, b;c, d\n1,5;2,5\n3,25;4,75\n") == ["a, b", "c, d"])
    #expect(try header("a,b\tc,d\n1,5\t2,5\n") == ["a,b", "c,d"])
    #expect(try header("m (kg, net)|v (m, s)\n1,5|-2,5e3\n,|1\n") == ["m (kg, net)", "v (m, s)"])
    #expect(try header("a;b,c;d\n1;2,3;4\n") == ["a", "b,c", "d"])
    // A decimal comma is not seen where the comma separates better.
    #expect(try header("t;u,x,y\n10:00;3,1.5,2\n11:00;4,2.5,3\n") == ["t;u", "x", "y"])
    #expect(try header("x,y\n1,5\n2,5\n") == ["x", "y"])
    #expect(try header("name;note,x\nA;b,1\nC;d,2\n") == ["name;note", "x"])
  }

  @Test("Columns aligned by any number of spaces")
  func aligned() throws {
    let text = """
        x      y     z
        1.0    2.5   3
       10.0   -4     1e3

      100.25   0     7
      """
    let table = try read(text, "x", "y", "z")
    #expect(table.columns == [[1, 10, 100.25], [2.5, -4, 0], [3, 1000, 7]])
    #expect(table.place(ofRow: 2).line == 5)
    // All numbers as wide as each other: single spaces would split alike, into columns without names.
    #expect(try read("x   y\n1   2\n3   4\n", "x", "y").columns == [[1, 3], [2, 4]])
    // A comma in a name does not hide the spaces.
    #expect(try header("m,kg   v,m\n1   2\n3   4\n") == ["m,kg", "v,m"])
    // Two single spaces hold an empty field where that is what the rows say.
    let holes = try read("x y z\n1  3\n4 5 6\n7 8 9\n1 1 1\n", "x", "z")
    #expect(holes.columns == [[1, 4, 7, 1], [3, 6, 9, 1]])
    // A hole in aligned columns cannot be seen, only counted.
    let hole = fault { () throws(TableError) in
      try read("x   y   z\n1       3\n4   5   6\n7   8   9\n", "x")
    }
    #expect(hole?.message == "cars.csv:2: the row has 2 fields, but the header has 3")
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
