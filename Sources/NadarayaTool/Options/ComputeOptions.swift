public import ArgumentParser
public import Nadaraya

/// How the computation runs and what is told about it.
struct ComputeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The engine that computes the sums.", valueName: "auto|direct"))
  var engine: EngineChoice = .automatic

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of threads; all processors by default.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The processor instructions to use, baseline, avx2 or avx512; the widest by default.",
      valueName: "name"), completion: .list(InstructionSet.available.map(\.name)))
  var instructions: String?

  @Flag(help: "Tell on standard error what was chosen and why.")
  var verbose = false

  @Flag(help: "End with one JSON line on standard error: seconds by stage, engine, threads.")
  var timings = false

  func execution() throws(Failure) -> Execution {
    if let threads, !(1...1024).contains(threads) {
      throw .usage("--threads \(threads) is \(threads < 1 ? "fewer than 1" : "more than 1024")")
    }
    let named = instructions ?? InstructionSet.best.name
    guard let set = InstructionSet(named: named) else {
      throw .usage(
        "this processor does not run \"\(named)\" instructions",
        hint: "it runs \(InstructionSet.available.map(\.name).joined(separator: ", "))")
    }
    return Execution(threads: threads, instructions: set)
  }
}

extension EngineChoice: ExpressibleByArgument {}
