import ArgumentParser
import Nadaraya
import Tables
import Wording

/// Estimates over a table that lies on a cluster.
struct SparkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spark",
    abstract: "Estimate values at queries from a table on an Apache Spark cluster.",
    discussion: """
      The rows stay where they are: each executor sums its own, by this very program, which Spark ships \
      to it, and only sums come back. The result is that of `nadaraya predict` over the same rows. \
      spark-sql is found by SPARK_HOME or on the PATH; what stands after -- goes to it as it is.

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
      "Who sums on the executors: this program, or Spark's SQL alone, for clusters that run no scripts and "
        + "for few queries.",
      valueName: SparkEngine.allCases.map(\.rawValue).joined(separator: "|")))
  var engine: SparkEngine = .native

  @Option(
    help: ArgumentHelp(
      "The static Linux program to ship in place of the one that runs.", valueName: "file"),
    completion: .file())
  var program: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Deal the rows into N partitions first, as a table of few large files without splits needs.",
      valueName: "n"))
  var repartition: Int?

  @Flag(name: .customLong("print-sql"), help: "Write the statement instead of running it.")
  var printSQL = false

  @Flag(help: "Tell on standard error what was chosen and why, and all that Spark says.")
  var verbose = false

  @Flag(help: "End with one JSON line on standard error: seconds by stage.")
  var timings = false

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("Options of spark-sql, after --.", valueName: "spark-options"))
  var sparkOptions: [String] = []

  func run() async throws {
    let format = try output.resolvedFormat()
    let table = try data.resolved()
    if format == .npy, data.hasLabels {
      throw Failure.usage("labels cannot be written as npy", hint: "--format csv or json can")
    }
    let plan = try SparkPlan(table, similarity, queries, partitions: repartition)
    if engine == .sql, program != nil {
      throw Failure.usage("--engine sql ships no --program")
    }
    let run = SparkRun(
      plan: plan, engine: engine, program: program, isVerbose: verbose, options: sparkOptions,
      timings: Timings())
    if printSQL {
      let text = try await run.statement(orders: data.levels)
      try AtomicFile.write(text, to: output.output)
      return
    }
    try AtomicFile.check(output.output)
    try await run.write(orders: data.levels, format: format, to: output.output)
    if timings {
      StandardError.write(
        run.timings.line(engine: engine.rawValue, execution: Execution()) + "\n")
    }
  }
}

extension SparkEngine: ExpressibleByArgument {}
