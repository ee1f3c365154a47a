import ExplorerViews
import Nadaraya
import Tables
import Testing

@Suite struct ViewTests {
  private func table(_ names: [String]) throws -> TableSummary {
    try ExploredTable(names.enumerated().map { ($1, [Double($0), 1, 2, 3.5]) }).summary
  }

  private func view(_ parameters: [(String, String)], _ table: TableSummary) throws -> View {
    try View(parameters: parameters.map { (name: $0.0, value: $0.1) }, of: table)
  }

  @Test func `nothing given is the first column of numbers, the last one and the usual choices`()
    throws
  {
    let view = try view([], table(["a", "b", "c"]))
    #expect(view.inputs == ["a"] && view.value == "c" && view.over == "a")
    #expect(view.kernelName == "gaussian" && view.degree == 0 && view.criterion == .leaveOneOut)
    #expect(view.bandwidths == nil && view.level == 0.95 && view.width == 900)
    #expect(view.weights == nil && view.query == nil && !view.showsResiduals)
  }

  @Test(arguments: ["a,b", "100%", "%2C", "it's \"it\"", "größe λ", " ", "-x", "a\nb"])
  func `parameters are read back from what a view writes, whatever columns are called`(name: String)
    throws
  {
    let table = try table(["plain", name, "y"])
    let first = try view(
      [
        ("x", NameListText.of([name, "plain"])), ("y", "y"), ("weights", name), ("h", "0.1,1e-300"),
        ("over", "plain"), ("at", "-0.0,"), ("band", "none"), ("query", "2.5"), ("degree", "3"),
        ("theme", "dark"), ("width", "280"), ("missing", "drop"), ("criterion", "aicc"),
        ("kernel", "tricube"), ("residuals", "1"), ("learned", "1"),
      ], table)
    #expect(first.inputs == [name, "plain"])
    let second = try View(parameters: first.parameters, of: table)
    #expect(second == first)
    #expect(second.parameters.map(\.value) == first.parameters.map(\.value))
  }

  @Test(arguments: [
    (["a,b", "y"], "a,b", ["a,b"]), (["a", "b", "a,b", "y"], "a,b", ["a", "b"]),
    (["a", "b", "a,b", "y"], "a%2Cb", ["a,b"]), (["a", "a,a", "y"], "a,a", ["a,a"]),
    (["a", "a,b", "y"], "a%2Cb,a", ["a,b", "a"]), (["50%25", "y"], "50%25", ["50%25"]),
    (["50%25", "50%", "y"], "50%25", ["50%"]), (["a=b\"c'", "y"], "a=b\"c'", ["a=b\"c'"]),
  ])
  func `a column's name may stand as it is where it makes no list of columns`(
    columns: [String], text: String, inputs: [String]
  ) throws {
    #expect(try view([("x", text)], table(columns)).inputs == inputs)
  }

  @Test(arguments: [
    ("kernal", "kernal", "kernal"), ("x", "nope", "x"), ("x", "a,a", "x"), ("y", "nope", "y"),
    ("y", "words", "y"), ("weights", "nope", "weights"), ("kernel", "gausian", "kernel"),
    ("degree", "4", "degree"), ("degree", "1.0", "degree"), ("criterion", "plug-in", "criterion"),
    ("h", "0", "h"), ("h", "-1", "h"), ("h", "inf", "h"), ("h", "nan", "h"), ("h", "1e-310", "h"),
    ("h", "1,2", "h"), ("h", "0x1p3", "h"), ("h", "1e999", "h"), ("over", "b", "over"),
    ("at", "1,2", "at"), ("at", "x", "at"), ("at", "1e308", "at"), ("band", "1", "band"),
    ("band", "0", "band"), ("band", "-0.5", "band"), ("missing", "keep", "missing"),
    ("residuals", "yes", "residuals"), ("learned", "2", "learned"), ("query", "nan", "query"),
    ("query", "1e308", "query"), ("theme", "blue", "theme"), ("width", "279", "width"),
    ("width", "1e3", "width"),
  ])
  func `a wrong parameter is one sentence that names it and holds the value`(
    name: String, value: String, parameter: String
  ) throws {
    let text = "a,b,words,y\n1,2,p,3\n2,3,q,4\n"
    let table = try ExploredTable(.bytes(Array(text.utf8), name: "t.csv")).summary
    let error = try #require(throws: ExplorationError.self) { try view([(name, value)], table) }
    #expect(error.kind == .badRequest && error.parameter == parameter)
    #expect(error.message.contains(name))
    let shown = value.split(separator: ",").last.map(String.init) ?? value
    #expect(error.message.contains(shown) || error.message.contains(value))
    #expect(!error.message.hasSuffix("."))
  }

  @Test func `a hint has the nearest name`() throws {
    let table = try table(["speed", "dist"])
    #expect(
      throws: ExplorationError(
        .badRequest, "the parameter x names the column \"sped\", which does not exist",
        hint: "did you mean speed?", parameter: "x")
    ) { try view([("x", "sped")], table) }
  }

  @Test func `a parameter given twice is refused`() throws {
    let table = try table(["a", "b"])
    #expect(throws: ExplorationError.self) { try view([("h", "1"), ("h", "2")], table) }
  }

  @Test func `a table with one column of numbers has no view`() throws {
    let summary = try ExploredTable([("a", [1, 2])]).summary
    let error = try #require(throws: ExplorationError.self) { try view([], summary) }
    #expect(error.kind == .unprocessable)
  }

  @Test func `a summary tells kinds, ranges, different and missing values`() throws {
    let text = "a,b,c,d,d\n1,x,,1,2\n1,y,2,inf,3\n3,x,NA,1,4\n"
    let summary = try ExploredTable(.bytes(Array(text.utf8), name: "t.csv")).summary
    #expect(summary.rows == 3 && summary.name == "t.csv")
    let columns = summary.columns
    #expect(columns.map(\.name) == ["a", "b", "c", "d", "d"])
    #expect(columns[0].kind == .number && columns[0].minimum == 1 && columns[0].maximum == 3)
    #expect(columns[0].distinct == 2 && columns[0].missing == 0)
    #expect(columns[1].kind == .words && columns[1].distinct == 2)
    #expect(columns[2].kind == .number && columns[2].missing == 2 && columns[2].minimum == 2)
    #expect(!columns[3].isUsable && !columns[4].isUsable)
  }

  @Test func `a fault of the table is the table's own error with its place`() throws {
    let text = "a,y\n1,2\n,3\n4,5\n"
    let exploration = Exploration(try ExploredTable(.bytes(Array(text.utf8), name: "t.csv")))
    let error = try #require(throws: TableError.self) { try exploration.fit() }
    #expect(error.place?.line == 3 && error.place?.column == "a")
    let fit = try exploration.fit(["missing": "drop"])
    #expect(fit.warnings.contains { $0.hasPrefix("1 row with missing values is left out") })
  }
}

/// Column names as the parameter x holds them.
enum NameListText {
  static func of(_ names: [String]) -> String {
    names.map {
      $0.unicodeScalars.map { $0 == "%" ? "%25" : $0 == "," ? "%2C" : String($0) }.joined()
    }.joined(separator: ",")
  }
}
