import ArgumentParser
import Nadaraya
import Tables
import Wording

/// Estimates from the sums of parts.
struct MergeCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge the sums of parts of a table into estimates.",
    discussion: """
      Reads what nadaraya partial wrote about the parts of a table, in any order, and writes \
      what nadaraya predict writes for the whole table. It takes the same options as the parts. \
      With --sums it writes the sums of all parts instead, which can be merged with others.

      nadaraya merge *.sums -x hour -y load --at hours.csv --bandwidth 0.5 --output fit.csv
      """)

  @Argument(
    help: ArgumentHelp("Sums of parts; - is standard input, the default.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  @Flag(help: "Write the sums of all parts instead of estimates.")
  var sums = false

  @OptionGroup(title: "Data") var question: QuestionOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Result") var output: OutputOptions

  @Flag(help: "Add the derivative with respect to each input; this needs --degree 1.")
  var gradient = false

  /// What is read, `-` being standard input.
  private var sources: [String] { files.isEmpty ? ["-"] : files }

  var inputs: [String?] { sources + [question.at, question.leaveOneOutAt] }
  var outputs: [String?] { [output.output] }

  func run() async throws {
    guard question.inCluster else { return try merge() }
    do {
      try merge()
    } catch {
      var blocks = LineBlocks()
      blocks.drain()
      try AtomicFile.write(SumLine.fault(error).text, to: nil)
    }
  }

  private func merge() throws {
    let format = try output.resolvedFormat()
    let question = try question.question()
    var merged = try self.question.sums(question, similarity)
    for file in sources {
      if file == "-" {
        var blocks = LineBlocks()
        while let block = try blocks.next() { try add(block, from: "<stdin>", to: &merged) }
      } else {
        try add(try TableSource.file(file).bytes(), from: file, to: &merged)
      }
    }
    if sums {
      // A reducer need not have seen the line about the parts.
      let lines = merged.lines().filter { $0.query != SumLine.summary || merged.hasSummary }
      var bytes: [UInt8] = []
      for line in lines { bytes += line.text.utf8 }
      return try AtomicFile.write(bytes, to: output.output)
    }
    if merged.skippedRows > 0 {
      StandardError.warn("\(counted(merged.skippedRows, "row")) with missing values left out")
    }
    if self.question.leaveOneOutAt != nil {
      let path = (self.question.pathBandwidths ?? "").split(separator: ",").map {
        Double($0) ?? .nan
      }
      return try TableWriter.write(
        [("bandwidth", .numbers(path)), ("criterion", .numbers(merged.criteria()))],
        format: format, to: output.output)
    }
    try EstimateTable(question: question, similarity: similarity, gradient: gradient)
      .write(merged, format: format, to: output.output)
  }

  private func add(
    _ bytes: [UInt8], from source: String, to sums: inout SumCollection
  ) throws {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      try sums.add(SumLine(Substring(String(decoding: line, as: UTF8.self)), source: source))
    }
  }
}
