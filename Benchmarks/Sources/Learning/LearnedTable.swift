import Nadaraya

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Learns a metric from rows of numbers on standard input, the last of each the value, and writes one JSON
/// object: what it took, and the metric of the inputs as they were given.
enum LearnedTable {
  static func run(_ options: LearningCommand.Options) throws {
    var rows: [[Double]] = []
    while let line = readLine() {
      rows.append(line.split(separator: ",").compactMap { Double($0) })
    }
    guard let width = rows.first?.count, width > 1, rows.allSatisfy({ $0.count == width }) else {
      throw LearningCommand.Failure("standard input holds no table of numbers")
    }
    let keys = Points(rowMajor: rows.flatMap { $0.dropLast() }, dimension: width - 1)
    let rank = options.count("--rank", width - 1)
    let start = clock()
    var settings = LearningOptions(
      form: .metric(rank: rank), heldOutShare: options.number("--held-out", 0.2),
      weightDecay: options.number("--decay", 1e-3), restarts: options.count("--restarts", 2),
      seed: UInt64(options.count("--seed", 0)))
    settings.computation.threads = options.count("--threads", 2)
    let learned = try LearnedModel.learn(
      Sample(keys: keys, values: [rows.compactMap(\.last)]), options: settings)
    let (similarity, report) = (learned.model.similarity, learned.report)
    let seconds = Double(clock() - start) / 1e6
    let metric =
      if case .metric(let rows) = similarity.numbers {
        rows.map { row in zip(row, similarity.scales).map { $0 / $1 } }
      } else {
        (0..<width - 1).map { row in
          (0..<width - 1).map { row == $0 ? 1 / (similarity.bandwidths?[row] ?? .nan) : 0 }
        }
      }
    print(
      """
      {"seconds": \(report.seconds), "processor_seconds": \(seconds), "evaluations": \(report.evaluations), \
      "iterations": \(report.iterations), "start": \(report.initialLoss), \
      "end": \(report.finalLoss), "stop": "\(report.stopReason.rawValue)", \
      "held_out": \(report.heldOutError.map { "\($0)" } ?? "null"), \
      "unlearned_held_out": \(report.unlearnedHeldOutError.map { "\($0)" } ?? "null"), \
      "conclusion": "\(report.conclusion)", "metric": \(metric)}
      """)
  }
}
