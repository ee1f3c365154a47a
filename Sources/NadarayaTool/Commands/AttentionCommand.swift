import ArgumentParser
import Nadaraya
import Tables
import Wording

/// The weights behind predictions.
struct AttentionCommand: FileCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention",
    abstract: "List the attention weights behind predictions, or explain one of them.",
    discussion: """
      Writes query, key and weight; rows are counted from 0, without those that --missing drops. \
      Within a query the largest weight comes first. The weights of a query sum to 1. All keys \
      are listed unless --top or --threshold is given. With a --bandwidth in numbers, no -y is \
      needed.

      --summary writes one row for each query instead: entropy, −Σ a ln a over all its weights \
      a; effective_n, 1/Σa²; and the largest weight. --explain shows how the keys make up one \
      estimate, as text or with --format json.

      nadaraya attention cars.csv -x speed -y dist --grid 20 --top 5
      nadaraya attention cars.csv -x speed -y dist --grid 20 --summary
      nadaraya attention cars.csv -x speed -y dist --grid 20 --explain 7
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Data") var model: ModelOptions
  @OptionGroup(title: "Queries") var queries: QueryOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Scores") var score: ScoreOptions
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("List only the K largest weights of each query.", valueName: "k"))
  var top: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("List only weights of at least T.", valueName: "t"))
  var threshold: Double?

  @Flag(
    help: """
      Write one row for each query, with entropy, effective_n and the largest weight, instead of the \
      weights.
      """)
  var summary = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Show what each key contributes to the estimate at query Q, counted from 0: the 10 keys "
        + "with the largest influence, or as many as --top says, and all others together.",
      valueName: "q"))
  var explain: Int?

  /// The most weights held at once, 64 MB of them.
  private static let greatestWeightCount = 1 << 22

  /// The most queries whose rows are held at once.
  private static let greatestRowCount = 1 << 18

  private func check() throws(Failure) {
    if let top, top < 1 { throw .usage("--top \(top) is less than 1") }
    if let threshold, !(0...1).contains(threshold) {
      throw .usage("--threshold \(threshold) is not a weight between 0 and 1")
    }
    if summary, top != nil || threshold != nil {
      throw .usage(
        "--summary covers all weights of a query, so it cannot be combined with --top or --threshold"
      )
    }
    guard let explain else { return }
    if summary { throw .usage("--explain and --summary are two results: give one of them") }
    if threshold != nil { throw .usage("--explain lists keys by --top, not by --threshold") }
    if explain < 0 { throw .usage("--explain \(explain) is below 0, the first query") }
  }

  var inputs: [String?] { [data.data, model.model, queries.at] }
  var outputs: [String?] { [output.output] }

  func run() async throws {
    try check()
    if let explain { return try await self.explain(explain) }
    let format = try output.resolvedFormat()
    let run = try await model.run(
      data, queries, similarity, score, compute, needsValues: false, needsOneSimilarity: true)
    defer { run.bar.finish() }
    let names: [TableWriter.Column] =
      summary
      ? [
        .init("query", .integers), .init("entropy", .numbers), .init("effective_n", .numbers),
        .init("largest", .numbers),
      ] : [.init("query", .integers), .init("key", .integers), .init("weight", .numbers)]
    let writer = try TableWriter(names, format: format, to: output.output)
    warnOfSize(run)
    var emptyWindows = 0
    let step = rowCount(of: run)
    for first in stride(from: 0, to: run.queries.count, by: step) {
      let block = first..<min(first + step, run.queries.count)
      let rows = try run.timings.measure(.compute) { try self.rows(run, block) }
      emptyWindows += rows.emptyWindows.count
      try run.timings.measure(.write) {
        try writer.write(summary ? summaries(rows, first) : weights(rows, first))
      }
    }
    try run.timings.measure(.write) { try writer.commit() }
    run.bar.finish()
    run.warnOfEmptyWindows(
      emptyWindows,
      summary || top == nil && threshold == nil
        ? "nan is written there" : "they have no weights to list")
    run.reportTimings()
  }

  private func warnOfSize(_ run: Run) {
    let count = Double(run.data.rowCount) * Double(run.queries.count)
    guard top == nil, threshold == nil, !summary, count >= 1e8 else { return }
    StandardError.warn(
      "\(short(count)) weights are being written",
      hint: "--top 10 keeps the ten largest of each query, --grid asks at fewer queries")
  }

  /// The number of queries in one batch.
  private func rowCount(of run: Run) -> Int {
    // Weights sum to 1, so that no more than 1/T of them are at least T.
    let atLeast = threshold.map { Double(Self.greatestWeightCount) * $0 }
    let listed = min(summary ? 1 : top ?? .max, run.data.rowCount)
    let fitting = max(1, Self.greatestWeightCount / listed, atLeast.map { Int($0) } ?? 1)
    return min(fitting, Self.greatestRowCount)
  }

  private func rows(_ run: Run, _ block: Range<Int>) throws -> AttentionWeights {
    var estimator = run.estimator
    let total = Double(run.queries.count)
    if let report = run.bar.report {
      estimator.execution.progress = {
        report((Double(block.lowerBound) + $0 * Double(block.count)) / total)
      }
    }
    let selection = AttentionSelection(count: summary ? 1 : top, threshold: threshold)
    return try estimator.pooling.weights(at: run.asked, range: block, listing: selection)
  }

  private func weights(_ rows: AttentionWeights, _ first: Int) -> [TableWriter.Values] {
    let queries = (0..<rows.queryCount).flatMap { row in
      [Int](repeating: first + row, count: rows.starts[row + 1] - rows.starts[row])
    }
    return [.integers(queries), .integers(rows.keys), .numbers(rows.weights)]
  }

  private func summaries(_ rows: AttentionWeights, _ first: Int) -> [TableWriter.Values] {
    let largest = (0..<rows.queryCount).map { row in
      rows.starts[row] < rows.starts[row + 1] ? rows.weights[rows.starts[row]] : .nan
    }
    return [
      .integers(Array(first..<first + rows.queryCount)), .numbers(rows.entropies),
      .numbers(rows.effectiveSampleSizes), .numbers(largest),
    ]
  }

  /// Writes what the keys contribute to one estimate.
  private func explain(_ query: Int) async throws {
    let isJSON = try output.format == .json || output.resolvedFormat() == .json
    if let format = output.format, format != .json {
      throw Failure.usage(
        "an explanation is written as text or JSON, not \(format.rawValue)",
        hint: "leave out --format, or use --format json")
    }
    let run = try await model.run(
      data, queries, similarity, score, compute, needsOneSimilarity: true,
      checking: { _, queries in
        guard query < queries.count else {
          throw Failure.usage(
            "--explain \(query): there \(queries.count == 1 ? "is" : "are") "
              + "\(counted(queries.count, "query")), counted from 0")
        }
      })
    defer { run.bar.finish() }
    let explanation = try run.timings.measure(.compute) {
      try run.estimator.pooling.explanation(ofQuery: query, at: run.asked, listing: top ?? 10)
    }
    let report = ExplanationReport(run, query: query, explanation)
    try run.timings.measure(.write) {
      try AtomicFile.write(isJSON ? report.json : report.text, to: output.output)
    }
    if explanation.effectiveSampleSize == 0 {
      run.warnOfEmptyWindows(1, "there is nothing to explain")
    }
    run.reportTimings()
  }
}
