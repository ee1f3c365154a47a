import Foundation
import Testing
import _TestSupport

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

  /// What an executable of the shell's writes to standard output.
  func output(of name: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = tool.folder.appendingPathComponent(name)
    process.currentDirectoryURL = tool.folder
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Runs the tool beside a spark-sql of the test's own.
  func run(spark body: String, _ arguments: [String]) throws -> Tool.Result {
    try FileManager.default.createDirectory(
      at: tool.folder.appendingPathComponent("bin"), withIntermediateDirectories: true)
    try script(body, as: "bin/spark-sql")
    return try tool.run(arguments, environment: ["SPARK_HOME": tool.folder.path])
  }

  @Test(arguments: [
    (["--bandwidth", "loo"], "no bandwidth is given, and none can be chosen"),
    (["--neighbors", "3"], "--neighbors is not supported on a cluster"),
    (["--causal"], "--causal is not supported on a cluster"),
    (["--empty", "nearest"], "--empty nearest is not supported on a cluster"),
    (["--degree", "2"], "--degree 2 is not supported on a cluster"),
    (["--grid", "3"], "--at and --grid both say where the queries are"),
    (["--bandwidth", "1,2"], "--bandwidth gives 2 numbers for 1 input"),
    (["--repartition", "0"], "--repartition 0 is less than 1"),
    (["--engine", "sql", "--program", "program"], "--engine sql ships no --program"),
    (["--from", "1"], "--from and --to need --path N"),
    (["--path", "5"], "--path follows the leave-one-out error"),
    (["--path", "5", "--bandwidth", "loo"], "a path is computed at the rows"),
    (["--path", "1", "--bandwidth", "loo"], "--path 1 is fewer than 2 bandwidths"),
    (["--ship-to", "."], "--ship-to needs --print-sql"),
    (["--factor", "x"], "the column \"x\" is named both as labels and as numbers"),
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
      (["spark", "-x", "x", "-y", "y"], "no table is given"),
      (["spark", "--table", "t", "-y", "y"], "no key columns are given"),
      (["spark", "--table", "t", "-x", "x"], "no value columns are given"),
      (base, "no queries are given"),
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
        hint: pip install pyspark installs it, or SPARK_HOME names the folder that contains bin/spark-sql

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
    ("JAVA_HOME is not set", 69, "Spark cannot find Java"),
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
    let conf = ["--conf", "spark.sql.catalogImplementation=in-memory"]
    #expect(Array(arguments.prefix(5)) == conf + ["--master", "yarn", "--files"])
    #expect(arguments[6] == "-f")
    let files = arguments[5].split(separator: ",").map(String.init)
    #expect(files.first == "mine.txt")
    #expect(files.count == 3)
    for file in files.dropFirst() + arguments.suffix(1) {
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }

  @Test func `a program that executors cannot run is not shipped`() throws {
    try tool.write("neither", to: "other")
    let result = try run(
      spark: "exit 1", base + ["--at", "queries.csv", "--program", "other"])
    #expect(result.status == 64)
    #expect(
      result.error.hasPrefix("error: \"other\" is not a program for Linux"), "\(result.error)")
    #expect(result.error.contains("\nhint: --program names a program"))
  }

  #if os(Linux)
  /// A header that names a loader which is not on this machine.
  @Test func `a program of another machine is not shipped without its libraries`() throws {
    var bytes = [UInt8](repeating: 0, count: 200)
    bytes.replaceSubrange(0..<6, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1])
    // The program header: its place, its size and their number; then its type and where the name lies.
    (bytes[32], bytes[54], bytes[56]) = (64, 56, 1)
    (bytes[64], bytes[72]) = (3, 120)
    let loader = "/lib/ld-linux-other.so.1"
    bytes.replaceSubrange(120..<120 + loader.utf8.count, with: loader.utf8)
    try Data(bytes).write(to: tool.folder.appendingPathComponent("other"))
    let result = try run(
      spark: "exit 1", base + ["--at", "queries.csv", "--program", "other"])
    #expect(result.status == 64)
    #expect(
      result.error.hasPrefix(
        "error: \"other\" is for other machines, and \"\(loader)\", which would list its libraries, cannot"
      ),
      "\(result.error)")
  }

  /// As a plain `swift build` makes it, which is how this very test is run.
  @Test(.slow) func `a program is shipped with its loader and all its libraries`() throws {
    let options = ["--at", "queries.csv", "--print-sql", "--ship-to", "ship"]
    try FileManager.default.createDirectory(
      at: tool.folder.appendingPathComponent("ship"), withIntermediateDirectories: false)
    let result = try tool.run(base + options)
    #expect(result.status == 0, "\(result.error)")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: tool.folder.path + "/ship")
        .first { $0.hasPrefix("nadaraya-") })
    let program = "\(tool.folder.path)/ship/\(name)"
    // Several at once, as tasks of an executor are, and found on the path, as executors find it.
    try script(
      """
      PATH="$PWD/ship:$PATH"
      { for number in 1 2 3 4 5 6; do \(name) --version & done; } | cat
      "$PWD/ship/\(name).d"/ld-* --library-path "$PWD/ship/\(name).d" --list "$PWD/ship/\(name).d/nadaraya"
      """, as: "executor")
    let lines = try output(of: "executor").split(separator: "\n")
    #expect(lines.prefix(6).allSatisfy { $0 == lines[0] } && lines[0].contains("."))
    let libraries = lines.dropFirst(6).filter { $0.contains("=> ") }
    #expect(libraries.count > 3)
    for library in libraries { #expect(library.contains("=> \(program).d/")) }
  }
  #endif

  /// What Spark does with a statement: each part of the rows through the first script, all sums through
  /// the second.
  static let pretender = #"""
    for argument; do case "$last" in --files) files=$argument;; -f) job=$argument;; esac; last=$argument; done
    PATH="$(dirname "$job"):$PATH"
    map=$(sed -n "s/^ *USING '\(.* partial .*\)'$/\1/p" "$job" | tail -n 1)
    merge=$(sed -n "s/^ *USING '\(.* merge .*\)'$/\1/p" "$job" | tail -n 1)
    { head -n 3 rows.tsv | sh -c "$map"; tail -n +4 rows.tsv | sh -c "$map"; } | cut -f 1-4 | sh -c "$merge" | cut -f 1-4
    """#

  @Test(
    .slow,
    arguments: [
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
        // Two partial sums and a merge of numbers up to 5: some ten roundings of these.
        #expect(abs(estimate - truth) <= 1e-14 || estimate.isNaN && truth.isNaN)
      }
    }
  }

  /// What is set up, and whether a catalog in memory is asked for.
  @Test(arguments: [
    ("", [], true), ("touch hive-site.xml", [], true), ("touch conf/hive-site.xml", [], false),
    ("mkdir metastore_db", [], false),
    ("echo spark.executor.cores 2 > conf/spark-defaults.conf", [], true),
    ("echo '# spark.hive.metastore.uris x' > conf/spark-defaults.conf", [], true),
    ("echo spark.hadoop.hive.metastore.uris x > conf/spark-defaults.conf", [], false),
    ("echo spark.sql.catalogImplementation hive > mine", ["--properties-file", "mine"], false),
    ("", ["--conf", "spark.sql.catalogImplementation=hive"], false),
    ("", ["--conf", "spark.sql.catalog.lake.type=hive"], false),
  ])
  func `a catalog in memory takes the place of a Hive that nobody speaks of`(
    setup: String, options: [String], isInMemory: Bool
  ) throws {
    try script("mkdir -p conf\n\(setup)", as: "setup")
    _ = try output(of: "setup")
    _ = try run(
      spark: #"printf '%s\n' "$@" > arguments"#,
      base + ["--at", "queries.csv", "--program", "program", "--"] + options)
    let arguments = try tool.read("arguments")
    #expect(
      arguments.contains("--conf\nspark.sql.catalogImplementation=in-memory\n") == isInMemory)
  }

  /// Names in hexadecimal where something could read them in a way of its own.
  @Test(arguments: [
    ("plain name", "`plain name`"), ("größe.x", "`größe.x`"), ("a`b", "`a``b`"),
    ("a`\u{301}b", "`a``\u{301}b`"), ("a;b", nil), ("a\nb", nil), ("a\r\nb", nil), ("a\tb", nil),
    ("it's", nil), ("\"q\"", nil), ("a\\b", nil), ("a--b", nil), ("a/*b", nil), ("$x", nil),
    ("${system:user.home}", nil), ("a;\u{301}b", nil),
    ("a-\u{301}-\u{301}b", "`a-\u{301}-\u{301}b`"),
  ])
  func `a name is written so that nobody reads it in another way`(
    name: String, plain: String?
  ) throws {
    let header = "\"\(name.replacing("\"", with: "\"\""))\",other\n1,2\n"
    try tool.write(header, to: "queries.csv")
    let result = try tool.run(
      "spark", "--table", "sales", "-x", name, "-y", "y", "--weights", "w", "--bandwidth", "1",
      "--at",
      "queries.csv", "--engine", "sql", "--print-sql")
    #expect(result.status == 0, "\(result.error)")
    let doubled = name.unicodeScalars.map { $0 == "`" ? "``" : String($0) }.joined()
    let digits = "`\(doubled)`".utf8.map { String(format: "%02X", $0) }.joined()
    let written = plain ?? "IDENTIFIER(CAST(unhex('\(digits)') AS STRING))"
    #expect(result.text.contains("try_cast(\(written) AS DOUBLE) AS x0"))
    #expect(result.text.contains("SET spark.sql.variable.substitute=false;"))
    if plain == nil { #expect(!result.text.contains("`\(doubled)`")) }
  }

  @Test(arguments: [
    ("sales", "sales"), ("lake.`2026`.sales", "lake.`2026`.sales"), ("range(10)", "range(10)"),
    ("parquet.`/data/sales`", "parquet.`/data/sales`"), ("(SELECT ';' AS a)", "(SELECT ';' AS a)"),
    ("`a;b`", "IDENTIFIER(CAST(unhex('60613B6260') AS STRING))"),
    ("csv.`/a\n;b`", "IDENTIFIER(CAST(unhex('6373762E602F610A3B6260') AS STRING))"),
    ("`a``;b`", "IDENTIFIER(CAST(unhex('606160603B6260') AS STRING))"),
  ])
  func `a table stands in the statement as it is named`(table: String, source: String) throws {
    let result = try tool.run(
      ["spark", "--table", table] + base.dropFirst(3) + [
        "--at", "queries.csv", "--engine", "sql", "--print-sql",
      ])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.text.contains("FROM \(source)\n"))
  }

  @Test(arguments: [
    ("a;b", "has a semicolon outside quotes"), ("sales; DROP TABLE sales", "has a semicolon"),
    ("`a`;", "has a semicolon"), ("`a``;`;", "has a semicolon"), ("a;\u{301}", "has a semicolon"),
    ("(SELECT '\\';' AS a);", "has a semicolon"), ("`a", "has an unclosed `"),
    ("(SELECT 'a)", "has an unclosed '"), ("sales -- a", "has a comment"),
    ("sales /* a", "has a comment"), ("f(`a\nb`)", "has a line feed"),
  ])
  func `a table that would end the statement is refused`(table: String, sentence: String) throws {
    let result = try tool.run(
      ["spark", "--table", table] + base.dropFirst(3) + ["--at", "queries.csv"])
    #expect(result.status == 64)
    #expect(result.error.hasPrefix("error: --table \""))
    #expect(result.error.split(separator: "\n")[0].contains(sentence), "\(result.error)")
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
