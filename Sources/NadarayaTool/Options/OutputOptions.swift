public import ArgumentParser
public import Tables

/// Where the result goes, and as what.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; standard output by default.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("The form of the result.", valueName: "csv|json|npy"))
  var format: TableWriter.Format = .csv
}

extension TableWriter.Format: ExpressibleByArgument {}
