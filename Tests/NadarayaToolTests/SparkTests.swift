import Foundation
import Testing

/// The command up to Spark and back, with a shell script in the place of spark-sql.
@Suite struct SparkTests {
  let tool: Tool
  let base = ["spark", "--table", "sales", "-x", "x", "-y", "y", "--bandwidth", "0.5"]

  init() throws {
    tool = try Tool()
    try tool.write("x\n1\n2.5\n", to: "queries.csv")
    try script("exec '\(Tool.binary.path)' \"$@\"", as: "program")
  }

  /// An executable of the shell's.
  func script(_ body: String, as name: String) throws {
    try tool.write("#!/bin/sh\n\(body)\n", to: name)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: tool.folder.appendingPathComponent(name).path)
  }

  /// Runs the tool beside a spark-sql of the test's own.
  func run(spark body: String, _ arguments: [String]) throws -> Tool.Result {
    try FileManager.default.createDirectory(
      at: tool.folder.appendingPathComponent("bin"), withIntermediateDirectories: true)
    try script(body, as: "bin/spark-sql")
    return try tool.run(arguments, environment: ["SPARK_HOME": tool.folder.path])
  }

  @Test(arguments: [
    (["--bandwidth", "loo"], "no bandwidth is given, and the rows"),
    (["--neighbors", "3"], "the nearest keys of a query are spread over the cluster"),
    (["--causal"], "--causal is not of tables on a cluster"),
    (["--empty", "nearest"], "the nearest key of a query is not among the sums"),
    (["--degree", "2"], "--degree 2 is not summed on a cluster"),
    (["--grid", "3"], "--at and --grid both say where the queries are"),
    (["--bandwidth", "1,2"], "--bandwidth gives 2 numbers for 1 input"),
    (["--repartition", "0"], "--repartition 0 is fewer than 1"),
    (["--engine", "sql", "--program", "program"], "--engine sql ships no --program"),
    (["--from", "1"], "--from and --to are the ends of a path"),
    (["--path", "5"], "--path follows the leave-one-out error"),
    (["--path", "5", "--bandwidth", "loo"], "a path is about the rows themselves"),
    (["--path", "1", "--bandwidth", "loo"], "--path 1 is fewer than 2 bandwidths"),
    (["--ship-to", "."], "--ship-to is about the files of a statement"),
    (["--factor", "x"], "the column \"x\" is named as labels and as numbers"),
    (["-y", "y"], "-y names the column \"y\" twice"),
  ])
  func `options that make no sense are refused before Spark is looked for`(
    options: [String], sentence: String
  ) throws {
    let common = options.contains("--bandwidth") ? Array(base.dropLast(2)) : base
    let result = try tool.run(common + ["--at", "queries.csv"] + options)
    #expect(result.status == 64)
    #expect(result.error.hasPrefix("error: \(sentence)"), "\(result.error)")
  }

  @Test func `what is not said is asked for`() throws {
    for (arguments, sentence) in [
      (["spark", "-x", "x", "-y", "y"], "no table is named"),
      (["spark", "--table", "t", "-y", "y"], "no key columns are named"),
      (["spark", "--table", "t", "-x", "x"], "no value columns are named"),
      (base, "nothing says where the queries are"),
    ] {
      let result = try tool.run(arguments)
      #expect(result.status == 64)
      #expect(result.error.hasPrefix("error: \(sentence)"), "\(result.error)")
      #expect(result.error.contains("\nhint: "))
    }
  }

  @Test func `a missing spark-sql is one sentence and a hint`() throws {
    let result = try tool.run(
      base + ["--at", "queries.csv", "--program", "program"],
      environment: ["SPARK_HOME": "", "PATH": "/nowhere"])
    #expect(result.status == 69)
    #expect(
      result.error == """
        error: spark-sql is neither in SPARK_HOME/bin nor on the PATH
        hint: pip install pyspark has it, or SPARK_HOME names the folder in which bin/spark-sql is

        """)
  }

  @Test(arguments: [
    (
      "[USER_RAISED_EXCEPTION] column \"x\" is not a number in the row {\"x\":\"abc\"} SQLSTATE: P0001",
      65, "sales: column \"x\" is not a number in the row {\"x\":\"abc\"}"
    ),
    (
      "Error in query: [TABLE_OR_VIEW_NOT_FOUND] The table or view `sales` cannot be found. SQLSTATE: 42P01",
      66, "The table or view `sales` cannot be found."
    ),
    (
      "[PATH_NOT_FOUND] Path does not exist: file:/no. SQLSTATE: 42K03", 66,
      "Path does not exist: file:/no."
    ),
    (
      "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `z` cannot be resolved. SQLSTATE: 42703",
      65, "A column with name `z` cannot be resolved."
    ),
    ("JAVA_HOME is not set", 69, "Spark finds no Java"),
    (
      "java.io.IOException: Stream closed", 69,
      "the executors could not run the program, or it ended early"
    ),
    (
      "Exception in thread \"main\" of another kind", 69,
      "spark-sql failed: Exception in thread \"main\" of another kind"
    ),
  ])
  func `of what Spark says the cause is told`(words: String, status: Int32, sentence: String) throws
  {
    try tool.write("26/11/23 WARN Utils: a warning\n\(words)\n\tat org.apache\n", to: "words")
    let result = try run(
      spark: "cat words >&2; exit 1", base + ["--at", "queries.csv", "--program", "program"])
    #expect(result.status == status)
    #expect(result.error.hasPrefix("error: \(sentence)\n"), "\(result.error)")
  }

  @Test func `files are shipped beside the user's own, and nothing stays behind`() throws {
    let result = try run(
      spark: #"printf '%s\n' "$@" > arguments"#,
      base + [
        "--at", "queries.csv", "--program", "program", "--", "--master", "yarn", "--files",
        "mine.txt",
      ])
    #expect(result.status == 65)
    #expect(result.error.hasPrefix("error: sales: the table has no rows\n"))
    let arguments = try tool.read("arguments").split(separator: "\n").map(String.init)
    #expect(arguments.prefix(3) == ["--master", "yarn", "--files"])
    #expect(arguments[4] == "-f")
    let files = arguments[3].split(separator: ",").map(String.init)
    #expect(files.first == "mine.txt")
    #expect(files.count == 3)
    for file in files.dropFirst() + arguments.suffix(1) {
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }

  @Test func `a program that executors cannot run is not shipped`() throws {
    try tool.write("neither", to: "other")
    for (program, sentence) in [
      ("other", "\"other\" is no program for Linux"),
      (Tool.binary.path, "\"\(Tool.binary.path)\" needs libraries that executors may not have"),
    ] {
      #if !os(Linux)
      guard program == "other" else { continue }
      #endif
      let result = try run(
        spark: "exit 1", base + ["--at", "queries.csv", "--program", program])
      #expect(result.status == 64)
      #expect(result.error.hasPrefix("error: \(sentence)"), "\(result.error)")
      #expect(result.error.contains("\nhint: Scripts/install makes a static one"))
    }
  }

  /// What Spark does with a statement: each part of the rows through the first script, all sums through
  /// the second.
  static let pretender = #"""
    for argument; do case "$last" in --files) files=$argument;; -f) job=$argument;; esac; last=$argument; done
    PATH="$(dirname "$job"):$PATH"
    map=$(sed -n "s/^ *USING '\(.* partial .*\)'$/\1/p" "$job" | tail -n 1)
    merge=$(sed -n "s/^ *USING '\(.* merge .*\)'$/\1/p" "$job" | tail -n 1)
    { head -n 3 rows.tsv | sh -c "$map"; tail -n +4 rows.tsv | sh -c "$map"; } | cut -f 1-4 | sh -c "$merge" | cut -f 1-4
    """#

  @Test(arguments: [
    [], ["--degree", "1"], ["--kernel", "epanechnikov", "--empty", "mean"], ["--weights", "w"],
    ["-y", "w"],
  ])
  func `what the scripts of a statement sum is what predict does`(options: [String]) throws {
    let rows = [
      (0.25, -1.0, 1), (0.5, 2, 2), (0.75, 3, 0), (1.5, 0.125, 1), (2.25, 5, 4), (3, 1, 1),
    ]
    try tool.write(
      "x,y,w\n" + rows.map { "\($0.0),\($0.1),\($0.2)\n" }.joined(), to: "sales.csv")
    let hasWeights = !options.isEmpty && options.contains("w")
    try tool.write(
      rows.map { "\($0.0)\t\($0.1)\(hasWeights ? "\t\($0.2)" : "")\n" }.joined(), to: "rows.tsv")
    let common = ["-x", "x", "-y", "y", "--bandwidth", "0.75", "--at", "queries.csv"] + options
    let result = try run(
      spark: Self.pretender, ["spark", "--table", "sales", "--program", "program"] + common)
    #expect(result.status == 0, "\(result.error)")
    let expected = try tool.run(["predict", "sales.csv"] + common)
    #expect(columns(result.text).keys == columns(expected.text).keys)
    for name in columns(expected.text).keys {
      for (estimate, truth) in zip(numbers(result.text, name), numbers(expected.text, name)) {
        // Two partial sums and a merge of numbers up to 5.
        #expect(abs(estimate - truth) <= 1e-14 || estimate.isNaN && truth.isNaN)
      }
    }
  }

  @Test func `names and texts cannot leave their quotes`() throws {
    try tool.write("\"a`b;'c\",other\n1,2\n", to: "queries.csv")
    let result = try tool.run(
      "spark", "--table", "sales", "-x", "a`b;'c", "-y", "${y}", "--bandwidth", "1", "--at",
      "queries.csv", "--engine", "sql", "--print-sql")
    #expect(result.status == 0, "\(result.error)")
    #expect(result.text.contains("try_cast(`a``b;'c` AS DOUBLE) AS x0"))
    // Beyond backquotes, the name is written by its bytes.
    #expect(result.text.contains("unhex('6160623B2763')"))
    #expect(!result.text.contains("'a`b"))
  }

  @Test func `a statement loses no rows in silence`() throws {
    let result = try tool.run(
      base + ["--at", "queries.csv", "--program", "program", "--print-sql", "--ship-to", "."])
    #expect(result.status == 0, "\(result.error)")
    for guarding in [
      "SET spark.sql.files.ignoreCorruptFiles=false;",
      "SET spark.sql.files.ignoreMissingFiles=false;",
      "used + skipped <> (SELECT count(*) FROM sales)", "WHEN state IS NULL THEN CAST(raise_error(",
      "concat(fault, ' in the row ', content)",
    ] {
      #expect(result.text.contains(guarding))
    }
    let shipped = try tool.files().filter { $0.contains("-") }
    #expect(shipped.count == 2)
    for file in shipped { #expect(result.text.contains(file)) }
    #expect(try tool.read(shipped.first { $0.hasPrefix("queries-") } ?? "") == "x0\n1.0\n2.5\n")
    // Another content has another name.
    try tool.write("x\n1\n", to: "queries.csv")
    _ = try tool.run(
      base + ["--at", "queries.csv", "--program", "program", "--print-sql", "--ship-to", "."])
    #expect(try tool.files().filter { $0.contains("-") }.count == 3)
  }
}
