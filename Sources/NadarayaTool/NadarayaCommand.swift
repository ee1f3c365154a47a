import ArgumentParser
import Tables

/// The root of the command line.
@main
struct NadarayaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nadaraya",
    abstract: "Attention pooling by similarity: Nadaraya–Watson kernel regression.",
    discussion: """
      Each query attends to the rows of a table by the similarity of their inputs and pools their \
      values. DATA is CSV or TSV with a header, a two-dimensional .npy array (columns c0, c1, …), \
      .parquet where duckdb is on the PATH, or - for CSV on standard input.

      Start with `nadaraya deck`, which tells the whole story on one page, or with
      `nadaraya predict cars.csv -x speed -y dist`.
      """,
    version: "0.1.0",
    subcommands: [
      DeckCommand.self, PredictCommand.self, BandwidthCommand.self, AttentionCommand.self,
      PlotCommand.self, LearnCommand.self, ExploreCommand.self, SparkCommand.self,
      PartialCommand.self, MergeCommand.self,
    ])

  static func main() async {
    OutOfMemory.watch()
    do {
      try checkCommandName()
      var command = try parseAsRoot()
      try SingleValuedOptions(of: type(of: command)).check(CommandLine.arguments.dropFirst(2))
      if let command = command as? any FileCommand { try command.checkFiles() }
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      Failure(error).exit()
    }
  }

  /// Reports a mistyped command, which would otherwise be a stray argument or an unknown option.
  private static func checkCommandName() throws(Failure) {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard CommandLine.arguments.count > 1 else { return }
    let name = CommandLine.arguments[1]
    guard !name.hasPrefix("-"), !names.contains(name), name != "help" else { return }
    throw .usage(
      "there is no command \"\(name)\"",
      hint: nearestName(to: name, among: names).map { "did you mean \($0)?" }
        ?? "the commands are \(names.joined(separator: ", "))")
  }
}
