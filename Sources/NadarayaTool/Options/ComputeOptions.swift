public import ArgumentParser
public import Nadaraya

/// How the computation runs and what is told about it.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The engine that computes the sums; auto takes the one with the least estimated time.",
      valueName: EngineChoice.allCases.map(\.rawValue).joined(separator: "|")))
  var engine: EngineChoice = .automatic

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How exact estimates are where an engine approximates, relative to the mean of |y| under the "
        + "weights; 1e-12 in one input, 1e-9 in several.", valueName: "e"))
  var accuracy: Double?

  @Option(
    help: ArgumentHelp(
      "How the bandwidth of a large table is searched: auto judges most bandwidths by a sample of "
        + "the rows, full judges all by all rows.",
      valueName: SearchChoice.allCases.map(\.rawValue).joined(separator: "|")))
  var search: SearchChoice = .automatic

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of threads; all processors by default.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The processor instructions to use, baseline, avx2 or avx512; the widest by default.",
      valueName: "name"), completion: .list(InstructionSet.available.map(\.name)))
  var instructions: String?

  @Flag(help: "Report on standard error what was chosen and why.")
  var verbose = false

  @Flag(help: "End with one JSON line on standard error: seconds by stage, engine, threads.")
  var timings = false

  func execution() throws(Failure) -> Execution {
    if let accuracy, !(accuracy > 0 && accuracy <= 0.1) {
      throw .usage("--accuracy \(accuracy) is not above 0 and at most 0.1")
    }
    if let threads, !(1...1024).contains(threads) {
      throw .usage("--threads \(threads) is \(threads < 1 ? "less than 1" : "more than 1024")")
    }
    let named = instructions ?? InstructionSet.best.name
    guard let set = InstructionSet(named: named) else {
      throw .usage(
        "this processor does not support \"\(named)\" instructions",
        hint: "it supports \(InstructionSet.available.map(\.name).joined(separator: ", "))")
    }
    return Execution(threads: threads, instructions: set)
  }

  /// How an estimator computes.
  func computation(_ execution: Execution, queryCount: Int? = nil) -> Computation {
    Computation(
      execution, engine: engine, accuracy: accuracy, queryCount: queryCount, search: search)
  }
}

extension EngineChoice: ExpressibleByArgument {}
extension SearchChoice: ExpressibleByArgument {}
