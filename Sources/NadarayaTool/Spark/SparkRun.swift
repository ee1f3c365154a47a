import Nadaraya
import Tables
import Wording

/// The steps of a job from options to sums.
struct SparkRun {
  let table: SparkTable
  let engine: SparkEngine
  let program: String?
  let partitions: Int?
  let isVerbose: Bool
  let options: [String]
  let timings = Timings()

  /// What is run: statements, and the files that executors need.
  struct Parcel {
    let statements: String
    var files: [ShippedFile] = []
  }

  /// Checks everything that can be checked before any time is spent.
  func check() async throws {
    _ = try await SparkClient(options: options, isVerbose: isVerbose)
    if engine == .native { _ = try await ShippedProgram(program) }
  }

  /// Surveys the table where its job needs that.
  func survey(sample: Int? = nil) async throws -> SparkSurvey {
    let client = try await SparkClient(options: options, isVerbose: isVerbose)
    let folder = try TemporaryFolder()
    let file = try folder.write(
      SparkSurvey.statement(of: table, sample: sample).utf8, to: "survey.sql")
    let answer = try await timings.measure(.plan) {
      try await client.output(of: file, shipping: [], table: table.name)
    }
    let survey = try SparkSurvey(answer, of: table)
    if isVerbose {
      StandardError.write("survey: \(table.name), \(counted(survey.rowCount, "row"))\n")
    }
    return survey
  }

  /// The statements and files of a job at queries.
  func parcel(_ job: SparkJob) async throws -> Parcel {
    guard engine == .native else { return Parcel(statements: SparkStatement.sql(job)) }
    let queries = ShippedFile.queries(job.queries, of: job.table)
    return try await parcel(job.table, queries) {
      SparkScripts(job, program: $0, queries: queries.name)
    }
  }

  /// The statements and files of a path.
  func parcel(_ job: SparkPathJob) async throws -> Parcel {
    let rows = job.file
    return try await parcel(job.table, rows) { SparkScripts(job, program: $0, rows: rows.name) }
  }

  private func parcel(
    _ table: SparkTable, _ file: ShippedFile, scripts: (String) -> SparkScripts
  ) async throws -> Parcel {
    let shipped = try await ShippedProgram(program)
    let program = try shipped.file
    if isVerbose { StandardError.write("program: \(shipped.words)\n") }
    let scripts = scripts(program.name)
    return Parcel(
      statements: SparkStatement.check(table, scripts: scripts) + "\n"
        + SparkStatement.native(table, partitions: partitions, scripts: scripts),
      files: [program, file])
  }

  /// Runs a job and adds its results to empty sums; fails unless the result is complete.
  func sums(of parcel: Parcel, addedTo empty: SumCollection) async throws -> SumCollection {
    let client = try await SparkClient(options: options, isVerbose: isVerbose)
    let folder = try TemporaryFolder()
    let files = try parcel.files.map { try folder.write($0) }
    let statements = try folder.write(parcel.text.utf8, to: "job.sql")
    let answer = try await timings.measure(.compute) {
      try await client.output(of: statements, shipping: files, table: table.name)
    }
    var sums = empty
    for text in answer.split(separator: "\n" as Character) {
      // Between the sums stand a client's own words, such as settings.
      guard let line = try? SumLine(text, source: "spark-sql") else { continue }
      try sums.add(line)
    }
    guard sums.hasSummary else {
      throw Failure(
        .badData, "\(table.name): the table has no rows",
        hint: "if it has some, spark-sql ended early; --verbose shows its output")
    }
    if sums.skippedRows > 0 {
      StandardError.warn(
        "\(table.name): \(counted(sums.skippedRows, "row")) with missing values left out")
    }
    if isVerbose {
      StandardError.write("data: \(table.name), \(counted(sums.usedRows, "row"))\n")
    }
    return sums
  }
}

extension SparkRun.Parcel {
  /// What spark-sql runs.
  var text: String { SparkStatement.settings + "\n" + statements + "\n" }

  /// The statements for users who run them themselves, with the files in comments.
  ///
  /// - Parameter folder: where the files are written; nil only names them.
  func text(writingFilesTo folder: String?) throws(Failure) -> String {
    var text = "-- Sums for nadaraya: a line has query, used, skipped, state.\n"
    for file in files {
      if let folder {
        text += "-- Ship \(try file.write(to: folder)), as with spark-sql --files.\n"
      } else {
        text += "-- Ship \(file.name), which --ship-to FOLDER writes.\n"
      }
    }
    return text + self.text
  }
}
