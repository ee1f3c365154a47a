import ArgumentParser
import Nadaraya
import Tables

/// The weights behind predictions.
struct AttentionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention",
    abstract: "List the attention weights behind predictions.",
    discussion: """
      Writes query, key and weight, rows counted from 0 without those that --missing drops, the \
      largest weight first within a query. The weights of a query sum to 1. All keys are listed \
      unless --top or --threshold says otherwise. With a --bandwidth in numbers, no -y is needed.

      nadaraya attention cars.csv -x speed -y dist --grid 20 --top 5
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Queries") var queries: QueryOptions
  @OptionGroup(title: "Similarity") var similarity: SimilarityOptions
  @OptionGroup(title: "Result") var output: OutputOptions
  @OptionGroup(title: "Computation") var compute: ComputeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Only the K largest weights of each query.", valueName: "k"))
  var top: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Only weights of at least T.", valueName: "t"))
  var threshold: Double?

  /// The most weights held at once, 32 MB of them.
  private static let blockSize = 1 << 22

  func run() async throws {
    if let top, top < 1 { throw Failure.usage("--top \(top) is fewer than 1") }
    if let threshold, !(0...1).contains(threshold) {
      throw Failure.usage("--threshold \(threshold) is not a weight between 0 and 1")
    }
    let format = try output.resolvedFormat()
    let run = try await Run(data, queries, similarity, compute, needsValues: false)
    defer { run.bar.finish() }
    let writer = try TableWriter(
      [.init("query", .integers), .init("key", .integers), .init("weight", .numbers)],
      format: format, to: output.output)
    warnOfSize(run)
    var emptyWindows = 0
    let step = max(1, Self.blockSize / run.data.rowCount)
    for first in stride(from: 0, to: run.queries.count, by: step) {
      let block = first..<min(first + step, run.queries.count)
      let weights = try run.timings.measure(.compute) { try self.weights(run, block) }
      emptyWindows += weights.emptyWindows.count
      try run.timings.measure(.write) { try write(weights, first: first, to: writer) }
    }
    try run.timings.measure(.write) { try writer.commit() }
    run.bar.finish()
    run.warnOfEmptyWindows(
      emptyWindows,
      top == nil && threshold == nil ? "nan is written there" : "they have no weights to list")
    run.reportTimings()
  }

  private func warnOfSize(_ run: Run) {
    let count = Double(run.data.rowCount) * Double(run.queries.count)
    guard top == nil, threshold == nil, count >= 1e8 else { return }
    StandardError.warn(
      "\(short(count)) weights are being written",
      hint: "--top 10 keeps the ten largest of each query, --grid asks at fewer queries")
  }

  private func weights(_ run: Run, _ block: Range<Int>) throws -> AttentionWeights {
    var estimator = run.estimator
    let total = Double(run.queries.count)
    if let report = run.bar.report {
      estimator.execution.progress = {
        report((Double(block.lowerBound) + $0 * Double(block.count)) / total)
      }
    }
    return try run.omitsOwnKey
      ? estimator.polynomial!.leaveOneOutAttentionWeights(ofKeys: block)
      : estimator.polynomial!.attentionWeights(at: run.queries, range: block)
  }

  private func write(
    _ weights: AttentionWeights, first: Int, to writer: TableWriter
  ) throws {
    for query in 0..<weights.queryCount {
      let entries = weights.largest(top, atLeast: threshold, ofQuery: query)
      try writer.write([
        .integers([Int](repeating: first + query, count: entries.count)),
        .integers(entries.map(\.key)), .numbers(entries.map(\.weight)),
      ])
    }
  }
}
