import ArgumentParser

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
    subcommands: [DeckCommand.self, PredictCommand.self, AttentionCommand.self, PlotCommand.self])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      Failure(error).exit()
    }
  }
}
