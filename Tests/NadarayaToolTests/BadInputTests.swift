import Testing
import _TestSupport

/// One fault of a user's, with the exit code and the words it ends with.
struct Fault: Sendable, CustomStringConvertible {
  let description: String
  var table = "x,y\n1,2\n2,3\n3,5\n"
  var arguments = ["predict", "data.csv", "-x", "x", "-y", "y", "--output", "out.csv"]
  let status: Int32
  let error: String

  init(
    _ description: String, table: String? = nil, adding options: [String] = [],
    replacing arguments: [String]? = nil, _ status: Int32, _ error: String
  ) {
    self.description = description
    if let table { self.table = table }
    self.arguments = (arguments ?? self.arguments) + options
    self.status = status
    self.error = error
  }

  static let tables: [Fault] = [
    Fault(
      "a word", table: "x,y\n1,2\nabc,3\n", 65, #"data.csv:3: column "x": "abc" is not a number"#),
    Fault(
      "NaN", table: "x,y\n1,2\n2,NaN\n", 65,
      #"""
      data.csv:3: column "y": "NaN" is a missing value
      hint: --missing drop leaves out the rows with a missing value
      """#),
    Fault(
      "a decimal comma", table: "x;y\n1;2,5\n", 65,
      #"""
      data.csv:2: column "y": "2,5" is not a number
      hint: --decimal , reads numbers with a decimal comma
      """#),
    Fault(
      "infinity", table: "x,y\n1,-inf\n", 65, #"data.csv:2: column "y": "-inf" is not finite"#),
    Fault(
      "1e999", table: "x,y\n1e999,1\n", 65,
      #"data.csv:2: column "x": "1e999" is too large for a double"#),
    Fault(
      "a ragged row", table: "x,y\n1,2\n3\n", 65,
      "data.csv:3: the row has 1 field, but the header has 2"),
    Fault("an empty file", table: "", 65, "data.csv: the table is empty"),
    Fault("a header alone", table: "x,y\n", 65, "data.csv: the table has a header but no rows"),
    Fault(
      "no such column", table: "a,y\n1,2\n", 65,
      #"data.csv: no column "x"; the columns are "a", "y""#),
    Fault(
      "a name twice", table: "x,y,x\n1,2,3\n", 65,
      #"data.csv: the header has more than one column "x""#),
    Fault(
      "an unclosed quote", table: "x,y\n1,\"2\n3,4\n", 65,
      #"data.csv:2: column "y": the quote that opens here is never closed"#),
    Fault(
      "binary", table: "x,y\n1,\u{0}2\n", 65,
      "data.csv:2: there is a NUL byte (0x00), so this is binary data, not a text table"),
    Fault(
      "a negative weight", table: "x,y,w\n1,2,1\n2,3,-1\n", adding: ["--weights", "w"], 65,
      #"data.csv:3: column "w": "-1" is negative, but this column must be ≥ 0"#),
    Fault(
      "weights of 0", table: "x,y,w\n1,2,0\n2,3,0\n", adding: ["--weights", "w"], 65,
      "all observation weights are 0"),
    Fault(
      "one row left out", table: "x,y\n1,2\n", 65,
      """
      leave-one-out needs at least two rows with weight, not 1
      hint: --bandwidth H gives one instead of choosing it
      """),
  ]

  static let files: [Fault] = [
    Fault(
      "a missing file", replacing: ["predict", "no.csv", "-x", "x", "-y", "y"], 66,
      #"cannot read "no.csv": No such file or directory"#),
    Fault(
      "a folder", replacing: ["predict", ".", "-x", "x", "-y", "y"], 66,
      #"cannot read ".": Is a directory"#),
    Fault(
      "missing queries", adding: ["--at", "no.csv"], 66,
      #"cannot read "no.csv": No such file or directory"#),
    Fault(
      "an unwritable output",
      replacing: [
        "predict", "data.csv", "-x", "x", "-y", "y", "--output", "no/out.csv",
      ], 73,
      #"cannot write "no/out.csv": No such file or directory"#),
    Fault(
      "a folder that is a file", replacing: ["deck", "--output", "data.csv"], 73,
      #"cannot create the folder "data.csv": a file of that name exists"#),
  ]

  static let options: [Fault] = [
    Fault("bandwidth 0", adding: ["--bandwidth", "0"], 64, "bandwidth 0 is not a positive number"),
    Fault(
      "bandwidth −1", adding: ["--bandwidth", "-1"], 64, "bandwidth -1 is not a positive number"),
    Fault(
      "bandwidth nan", adding: ["--bandwidth", "nan"], 64,
      "bandwidth nan is not a positive number"),
    Fault(
      "one bandwidth too many", adding: ["--bandwidth", "1,2"], 64,
      "--bandwidth gives 2 numbers for 1 input"),
    Fault(
      "an unknown method", adding: ["--bandwidth", "lou"], 64,
      """
      bandwidth "lou" is neither a number nor a method
      hint: did you mean loo?
      """),
    Fault(
      "nothing to choose",
      replacing: ["bandwidth", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "2"], 64,
      """
      --bandwidth 2 leaves nothing to choose
      hint: the methods are loo, gcv, aicc, rule-of-thumb, plug-in
      """),
    Fault(
      "a path of a formula",
      replacing: [
        "bandwidth", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "plug-in", "--path", "9",
      ], 64,
      """
      plug-in is a formula, so it has no path
      hint: use --bandwidth loo, gcv or aicc
      """),
    Fault(
      "a path backwards",
      replacing: [
        "bandwidth", "data.csv", "-x", "x", "-y", "y", "--path", "9", "--from", "2", "--to", "1",
      ], 64, "--from 2.0 is not below --to 1.0"),
    Fault(
      "an end without a path",
      replacing: ["bandwidth", "data.csv", "-x", "x", "-y", "y", "--from", "2"], 64,
      "--from and --to need --path N"),
    Fault(
      "a path of 1",
      replacing: ["bandwidth", "data.csv", "-x", "x", "-y", "y", "--path", "1"], 64,
      "--path 1 is fewer than 2 bandwidths"),
    Fault(
      "a path over two inputs",
      replacing: ["bandwidth", "data.csv", "-x", "x,y", "-y", "y", "--path", "9"], 64,
      """
      a path needs one numeric input and no labels, not 2 inputs
      hint: without --path each input gets its own bandwidth
      """),
    Fault(
      "a path from below 0",
      replacing: [
        "bandwidth", "data.csv", "-x", "x", "-y", "y", "--path", "9", "--from", "-1",
      ], 64, "--from -1.0 is not a positive number"),
    Fault(
      "the constant kernel",
      replacing: ["bandwidth", "data.csv", "-x", "x", "-y", "y", "--kernel", "constant"], 64,
      "the constant kernel ignores the bandwidth, so there is none to choose"),
    Fault(
      "a kernel without a canonical bandwidth",
      adding: ["--kernel", "cauchy", "--bandwidth", "rule-of-thumb"], 64,
      """
      rule-of-thumb gives no bandwidth for the cauchy kernel, which has no canonical bandwidth
      hint: --bandwidth H gives one instead of choosing it
      """),
    Fault(
      "plug-in for three rows", adding: ["--bandwidth", "plug-in"], 65,
      """
      plug-in fits quartics, which need more different keys than the 3 rows have
      hint: --bandwidth H gives one instead of choosing it
      """),
    Fault(
      "a misspelt kernel", adding: ["--kernel", "gausian"], 64,
      """
      there is no kernel "gausian"
      hint: did you mean gaussian?
      """),
    Fault(
      "no value column", replacing: ["predict", "data.csv", "-x", "x"], 64,
      """
      no value columns are given
      hint: name them with -y; the columns of data.csv are x, y
      """),
    Fault("a grid of 1", adding: ["--grid", "1"], 64, "--grid 1 is fewer than 2 places"),
    Fault(
      "two kinds of queries", adding: ["--grid", "3", "--at", "data.csv"], 64,
      """
      --at and --grid both say where the queries are
      hint: give one of them
      """),
    Fault(
      "a grid left out", adding: ["--grid", "3", "--leave-one-out"], 64,
      "--leave-one-out predicts at the keys, so it cannot be combined with --at or --grid"),
    Fault("no threads", adding: ["--threads", "0"], 64, "--threads 0 is less than 1"),
    Fault(
      "a bandwidth too small", adding: ["--bandwidth", "1e-310"], 64,
      "bandwidth 1e-310 is too small, below 2e-308"),
    Fault(
      "loo among numbers", adding: ["--bandwidth", "loo, 1"], 64,
      "bandwidth loo, 1 mixes loo with numbers"),
    Fault(
      "a column twice", replacing: ["predict", "data.csv", "-x", "x, x", "-y", "y"], 64,
      #"-x names the column "x" twice"#),
    Fault(
      "a mistyped command", replacing: ["predct", "data.csv", "-x", "x", "-y", "y"], 64,
      """
      there is no command "predct"
      hint: did you mean predict?
      """),
    Fault(
      "a form that is not written",
      replacing: ["predict", "data.csv", "-x", "x", "-y", "y", "-o", "out.tsv"], 64,
      """
      the format tsv of "out.tsv" cannot be written
      hint: end the name in .csv, .json or .npy, or give --format
      """),
    Fault(
      "standard input twice", replacing: ["predict", "-", "-x", "x", "-y", "y", "--at", "-"], 64,
      "standard input cannot be both the data and the queries"),
    Fault(
      "too many points", replacing: ["deck", "--points", "100000000"], 64,
      """
      --points 100000000 is more than the 20000 that a page can show
      hint: nadaraya predict takes tables of any size
      """),
    Fault(
      "an unknown option", adding: ["--bandwith", "1"], 64,
      "Unknown option '--bandwith'. Did you mean '--bandwidth'?"),
    Fault(
      "a weight above 1",
      replacing: ["attention", "data.csv", "-x", "x", "--bandwidth", "1", "--threshold", "2"], 64,
      "--threshold 2.0 is not a weight between 0 and 1"),
    Fault(
      "a query that is not there",
      replacing: [
        "attention", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--explain", "99",
      ], 64,
      "--explain 99: there are 3 queries, counted from 0"),
    Fault(
      "a query below 0",
      replacing: [
        "attention", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--explain", "-1",
      ], 64,
      "--explain -1 is below 0, the first query"),
    Fault(
      "an explanation as a table",
      replacing: [
        "attention", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--explain", "1",
        "--format", "npy",
      ], 64,
      """
      an explanation is written as text or JSON, not npy
      hint: leave out --format, or use --format json
      """),
    Fault(
      "two results",
      replacing: [
        "attention", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--explain", "1",
        "--summary",
      ], 64,
      "--explain and --summary are two results: give one of them"),
    Fault(
      "an explanation by a threshold",
      replacing: [
        "attention", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--explain", "1",
        "--threshold", "0.1",
      ], 64,
      "--explain lists keys by --top, not by --threshold"),
    Fault(
      "a summary of a few",
      replacing: [
        "attention", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--top", "1",
        "--summary",
      ], 64,
      "--summary covers all weights of a query, so it cannot be combined with --top or --threshold"),
    Fault(
      "no keys at all",
      replacing: ["attention", "data.csv", "-x", "x", "--bandwidth", "1", "--top", "0"], 64,
      "--top 0 is less than 1"),
    Fault(
      "a fit along no single input",
      replacing: [
        "plot", "data.csv", "-x", "x,y", "-y", "y", "--bandwidth", "1", "--leave-one-out",
      ], 64,
      """
      --leave-one-out cannot be drawn along a single input, because the number of inputs is 2
      hint: --residuals draws each row left out
      """),
    Fault(
      "one point", replacing: ["deck", "--points", "1"], 64,
      "--points 1 is less than 2, the minimum for leave-one-out"),
    Fault(
      "an empty window under fail",
      adding: ["--kernel", "boxcar", "--bandwidth", "0.5", "--leave-one-out", "--empty", "fail"],
      65, "no key supports query 0 at 1.0, with the boxcar kernel and bandwidth 0.5"),
  ]
}

@Suite struct BadInputTests {
  @Test(.slow, arguments: Fault.tables + Fault.files + Fault.options)
  func `a fault ends with one sentence, its exit code and no output`(fault: Fault) throws {
    let tool = try Tool()
    try tool.write(fault.table, to: "data.csv")
    let result = try tool.run(fault.arguments)
    #expect(result.status == fault.status)
    #expect(result.error == "error: \(fault.error)\n")
    #expect(result.output.isEmpty)
    #expect(try tool.files() == ["data.csv"])
  }

  @Test func `an output that stood there survives a fault`() throws {
    let tool = try Tool()
    try tool.write("x,y\n1,oops\n", to: "data.csv")
    try tool.write("precious", to: "out.csv")
    let result = try tool.run("predict", "data.csv", "-x", "x", "-y", "y", "-o", "out.csv")
    #expect(result.status == 65)
    #expect(try tool.read("out.csv") == "precious")
  }

  @Test func `pictures that need a missing program say which`() throws {
    let tool = try Tool()
    try tool.write("x,y\n1,2\n2,3\n3,5\n", to: "data.csv")
    let result = try tool.run(
      ["plot", "data.csv", "-x", "x", "-y", "y", "--output", "fit.png"],
      environment: ["PATH": "/nonexistent"])
    #expect(result.status == 69)
    #expect(
      result.error.hasPrefix(
        "error: writing png needs rsvg-convert or resvg, which is not on the PATH\nhint: "))
    #expect(try tool.files() == ["data.csv"])
    try tool.write("PAR1", to: "data.parquet")
    let parquet = try tool.run(
      ["predict", "data.parquet", "-x", "x", "-y", "y"], environment: ["PATH": "/nonexistent"])
    #expect(parquet.status == 69)
  }
}
