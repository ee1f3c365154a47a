import ArgumentParser
import Nadaraya
import Tables
import Wording

/// Estimates over a table on a cluster.
struct SparkCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "spark",
    abstract: "Estimate values at queries from a table on an Apache Spark cluster.",
    discussion: """
      The rows stay where they are: each executor sums its own rows with this program, which \
      Spark ships to it with the libraries it needs, and only sums come back. The result is that \
      of `nadaraya predict` on the same rows. spark-sql is found in SPARK_HOME or on the PATH; \
      arguments after -- are passed to it unchanged.

      nadaraya spark --table sales -x price -y sold --grid 100 --bandwidth 2 -- --master yarn
      nadaraya spark --table 'parquet.`sales`' -x price --factor shop -y sold --at new.csv --bandwidth 2,0.1
      nadaraya spark --table sales -x price -y sold --grid 100 --bandwidth 2 --engine sql --print-sql
      """)

  @OptionGroup(title: "Data") var data: SparkDataOptions
  @OptionGroup(title: "Queries") var queries: SparkQueryOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Result") var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "What sums on the executors: this program, or Spark's SQL alone, for clusters that cannot "
        + "run scripts and for few queries.",
      valueName: SparkEngine.allCases.map(\.rawValue).joined(separator: "|")))
  var engine: SparkEngine = .native

  @Option(
    help: ArgumentHelp(
      "The Linux program to ship instead of the running one, for executors with other processors.",
      valueName: "file"),
    completion: .file())
  var program: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Distribute the rows over N partitions first, which a table of a few large files that "
        + "cannot be split needs.",
      valueName: "n"))
  var repartition: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --bandwidth loo: write the leave-one-out error at N bandwidths that are evenly "
        + "spaced in their logarithm.",
      valueName: "n"))
  var path: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The path's first bandwidth.", valueName: "h"))
  var from: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The path's last bandwidth.", valueName: "h"))
  var to: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The number of rows whose leave-one-out errors are computed, drawn at random where there "
        + "are more; every row is a key.", valueName: "n"))
  var sample = 10_000

  @Flag(name: .customLong("print-sql"), help: "Write the statement instead of running it.")
  var printSQL = false

  @Option(
    help: ArgumentHelp(
      "With --print-sql, the folder for the files that executors need.", valueName: "folder"
    ))
  var shipTo: String?

  @Flag(help: "Report on standard error what was chosen and why, and all that Spark says.")
  var verbose = false

  @Flag(help: "End with one JSON line on standard error: seconds by stage.")
  var timings = false

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("Options of spark-sql, after --.", valueName: "spark-options"))
  var sparkOptions: [String] = []

  var inputs: [String?] { [queries.at, program] }
  var outputs: [String?] { [output.output] }

  func run() async throws {
    let format = try output.resolvedFormat()
    let table = try data.resolved()
    if format == .npy, data.columns.hasLabels {
      throw Failure.usage("labels cannot be written as npy", hint: "use --format csv or json")
    }
    try check()
    let run = SparkRun(
      table: table, engine: engine, program: program, partitions: repartition, isVerbose: verbose,
      options: sparkOptions)
    if path == nil {
      try await estimate(table, run, format)
    } else {
      try await follow(table, run, format)
    }
    if timings {
      StandardError.write(
        run.timings.line(engine: engine.rawValue, execution: Execution()) + "\n")
    }
  }

  /// Options that contradict each other.
  private func check() throws(Failure) {
    if engine == .sql, program != nil { throw .usage("--engine sql ships no --program") }
    if let repartition, repartition < 1 {
      throw .usage("--repartition \(repartition) is less than 1")
    }
    if shipTo != nil, !printSQL {
      throw .usage("--ship-to needs --print-sql")
    }
    guard path == nil else { return }
    if from != nil || to != nil {
      throw .usage("--from and --to need --path N")
    }
  }

  private func estimate(
    _ table: SparkTable, _ run: SparkRun, _ format: TableWriter.Format
  ) async throws {
    let plan = try SparkPlan(table, similarity, queries)
    if !printSQL { try await run.check() }
    let survey = plan.needsSurvey ? try await run.survey() : nil
    let job = try await plan.job(survey, orders: data.columns.levels, partitions: repartition)
    let parcel = try await run.parcel(job)
    if printSQL { return try write(parcel) }
    let sums = try await run.sums(of: parcel, addedTo: SumCollection(job.sums))
    try run.timings.measure(.write) {
      try EstimateTable(question: job.table.question, similarity: similarity)
        .write(sums, format: format, to: output.output)
    }
  }

  func write(_ parcel: SparkRun.Parcel) throws {
    if let shipTo {
      try Self.check(
        inputs: inputs, outputs: outputs + parcel.files.map { "\(shipTo)/\($0.name)" })
    }
    try AtomicFile.write(try parcel.text(writingFilesTo: shipTo), to: output.output)
  }
}

extension SparkEngine: ExpressibleByArgument {}
