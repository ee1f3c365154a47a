import Nadaraya

/// How long the stages of a command took, for `--timings`.
final class Timings {
  enum Stage: String, CaseIterable {
    case read
    case plan
    case compute
    case write
  }

  private var seconds: [Stage: Double] = [:]

  func measure<Result>(_ stage: Stage, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer { seconds[stage, default: 0] += (ContinuousClock.now - start) / .seconds(1) }
    return try body()
  }

  func measure<Result>(
    _ stage: Stage, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let start = ContinuousClock.now
    defer { seconds[stage, default: 0] += (ContinuousClock.now - start) / .seconds(1) }
    return try await body()
  }

  /// One JSON line.
  func line(engine: String, execution: Execution) -> String {
    let stages = Stage.allCases.map { "\"\($0.rawValue)\":\(seconds[$0] ?? 0)" }
    return "{\(stages.joined(separator: ",")),\"engine\":\"\(engine)\","
      + "\"instructions\":\"\(execution.instructions.name)\",\"threads\":\(execution.threadLimit)}"
  }
}
