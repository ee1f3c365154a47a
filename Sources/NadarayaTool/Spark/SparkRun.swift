import Nadaraya
import Tables
import Wording

/// A job's way from options to a result.
struct SparkRun {
  let plan: SparkPlan
  let engine: SparkEngine
  let program: String?
  let isVerbose: Bool
  let options: [String]
  let timings: Timings

  /// What executors need: a file for the statements, and those to ship.
  private struct Parcel {
    let statement: String
    let files: [ShippedFile]
  }

  /// The job, after a survey of the table where it needs one.
  private func job(orders: [String], in folder: TemporaryFolder) async throws -> SparkJob {
    guard plan.needsSurvey else { return try await plan.job(nil, orders: orders) }
    let client = try await SparkClient(options: options, isVerbose: isVerbose)
    let file = try folder.write(
      SparkSurvey.statement(of: plan.table).utf8, to: "survey.sql")
    let answer = try await timings.measure(.plan) {
      try await client.output(of: file, shipping: [], table: plan.table.name)
    }
    let survey = try SparkSurvey(answer, of: plan.table)
    if isVerbose {
      StandardError.write(
        "survey: \(plan.table.name), \(counted(survey.rowCount, "row")), "
          + "\(counted(plan.table.inputNames.count, "input"))\n")
    }
    return try await plan.job(survey, orders: orders)
  }

  private func parcel(_ job: SparkJob) throws -> Parcel {
    guard engine == .native else {
      return Parcel(statement: SparkStatement.sql(job, signature: job.signature), files: [])
    }
    let program = try ShippedFile.program(program)
    let queries = ShippedFile.queries(job.queries, of: job.table)
    let scripts = SparkScripts(job, program: program.name, queries: queries.name)
    let statement =
      SparkStatement.check(job, scripts: scripts) + "\n"
      + SparkStatement.native(job, scripts: scripts)
    return Parcel(statement: statement, files: [program, queries])
  }

  /// The statement for those who run it themselves, with what it needs in comments.
  func statement(orders: [String]) async throws -> String {
    let folder = try TemporaryFolder()
    let job = try await job(orders: orders, in: folder)
    let parcel = try parcel(job)
    var text = "-- Sums for nadaraya: query, used, skipped, state.\n"
    for file in parcel.files {
      text += "-- Ship \(file.name), \(counted(file.bytes.count, "byte")).\n"
    }
    return text + SparkStatement.settings + "\n" + parcel.statement + "\n"
  }

  /// Runs the job and writes its result.
  func write(orders: [String], format: TableWriter.Format, to path: String?) async throws {
    let client = try await SparkClient(options: options, isVerbose: isVerbose)
    let folder = try TemporaryFolder()
    if engine == .native { _ = try ShippedFile.program(program) }
    let job = try await job(orders: orders, in: folder)
    let parcel = try parcel(job)
    var files: [String] = []
    for file in parcel.files {
      let path = try folder.write(file.bytes, to: file.name)
      folder.makeExecutable(path)
      files.append(path)
    }
    let statements = try folder.write(
      (SparkStatement.settings + "\n" + parcel.statement + "\n").utf8, to: "job.sql")
    let answer = try await timings.measure(.compute) {
      try await client.output(of: statements, shipping: files, table: job.table.name)
    }
    let sums = try sums(of: job, in: answer)
    try timings.measure(.write) {
      try EstimateTable(question: job.table.question, similarity: plan.similarity)
        .write(sums, format: format, to: path)
    }
  }

  /// The sums of all lines of an answer, which is whole or refused.
  private func sums(of job: SparkJob, in answer: String) throws -> SumCollection {
    var sums = SumCollection(job.sums)
    for text in answer.split(separator: "\n" as Character) {
      // Between the sums stand a client's own words, such as settings.
      guard let line = try? SumLine(text, source: "spark-sql") else { continue }
      try sums.add(line)
    }
    guard sums.hasSummary else {
      throw Failure(
        .badData, "\(job.table.name): the table has no rows",
        hint: "or spark-sql ended early; --verbose shows what it says")
    }
    if sums.skippedRows > 0 {
      StandardError.warn(
        "\(job.table.name): \(counted(sums.skippedRows, "row")) with missing values left out")
    }
    if isVerbose {
      StandardError.write(
        "data: \(job.table.name), \(counted(sums.usedRows, "row")), "
          + "\(counted(job.table.inputNames.count, "input")), \(counted(job.queries.count, "query"))\n"
      )
    }
    return sums
  }
}
