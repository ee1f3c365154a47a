import ArgumentParser
import Nadaraya
import Tables
import Wording

/// The sums of a part of a table.
struct PartialCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "partial",
    abstract: "Sum a part of a table, for nadaraya merge.",
    discussion: """
      A table may lie in parts, in files or on several machines. Each part is summed where it \
      lies, and nadaraya merge combines these sums, one for each query, into the estimates of \
      the whole table. Every part and the merge get the same columns, queries, kernel, bandwidth \
      and degree, which is 0 or 1.

      A line of sums has five fields separated by tabs: the query, or -1 for the line about the \
      part itself; the rows used and the rows left out, which only that line counts; the sums; \
      and \\N where there is no error.

      Q='-x hour -y load --at hours.csv --bandwidth 0.5'
      nadaraya partial january.csv $Q --output january.sums
      ssh archive nadaraya partial february.csv $Q > february.sums
      nadaraya merge january.sums february.sums $Q --output fit.csv
      """)

  @Argument(
    help: ArgumentHelp(
      "The part: CSV, TSV, .npy, .parquet (with duckdb), or - for standard input.",
      valueName: "data"),
    completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp(
      "The names of the columns, for a stream without header on standard input, of any length; fields "
        + "are separated by tabs, and a line that begins with \\N is a row left out.",
      valueName: "name,name,…"))
  var columns: String?

  @OptionGroup(title: "Data") var question: QuestionOptions

  @Option(
    help: ArgumentHelp(
      "A row with a missing value fails the command or is dropped and counted.",
      valueName: "fail|drop"))
  var missing: MissingPolicy = .fail

  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; standard output by default.", valueName: "file"),
    completion: .file())
  var output: String?

  var inputs: [String?] { [data, question.at, question.leaveOneOutAt] }
  var outputs: [String?] { [output] }

  func run() async throws {
    guard question.inCluster else {
      let sums = try await sums()
      if compute.verbose {
        StandardError.write(
          "part: \(data), \(counted(sums.usedRows, "row")), \(sums.skippedRows) left out\n")
      }
      return try write(sums.lines())
    }
    do {
      try write(try await sums().lines())
    } catch {
      // The cluster hears of it by the line; a program that ended now would leave it with a broken pipe.
      var blocks = LineBlocks()
      blocks.drain()
      try write([SumLine.fault(error)])
    }
  }

  private func write(_ lines: [SumLine]) throws {
    var bytes: [UInt8] = []
    for line in lines { bytes += line.text.utf8 }
    try AtomicFile.write(bytes, to: output)
  }

  private func sums() async throws -> SumCollection {
    let question = try question.question()
    var sums = try self.question.sums(question, similarity)
    guard let columns else {
      let input = try await TableInput.opening(data, self.question.text)
      let table = try input.table(question.request(missing: missing))
      sums.skip(table.droppedRows)
      try sums.add(question.rows(of: table), compute)
      return sums
    }
    guard data == "-" else {
      throw Failure.usage("--columns needs standard input, but DATA is \"\(data)\"")
    }
    let names = columns.split(separator: ",", omittingEmptySubsequences: false)
    let header = Array((names.joined(separator: "\t") + "\n").utf8)
    var blocks = LineBlocks()
    while let block = try blocks.next() {
      let (lines, marked) = LineBlocks.withoutMarked(block)
      sums.skip(marked)
      guard !lines.isEmpty else { continue }
      do {
        let table = try Table(
          .bytes(header + lines, name: "<stdin>"), question.request(missing: missing))
        sums.skip(table.droppedRows)
        try sums.add(question.rows(of: table), compute)
      } catch let error as TableError where error.code == .empty {
        continue
      }
    }
    return sums
  }
}
