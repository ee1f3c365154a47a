internal import ArgumentParser
public import Tables

/// Where the result goes and in which format.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; standard output by default.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The format of the result; by default that of the file's extension, or csv.",
      valueName: "csv|json|npy"))
  var format: TableWriter.Format?

  /// Extensions of formats that are not written.
  private static let foreign = ["tsv", "xlsx", "xls", "ods", "parquet", "feather", "npz"]

  func resolvedFormat() throws(Failure) -> TableWriter.Format {
    if let format { return format }
    let ending = output?.split(separator: ".").last?.lowercased() ?? ""
    if Self.foreign.contains(ending) {
      throw .usage(
        "the format \(ending) of \"\(output ?? "")\" cannot be written",
        hint: "end the name in .csv, .json or .npy, or give --format")
    }
    return TableWriter.Format(rawValue: ending) ?? .csv
  }
}

extension TableWriter.Format: ExpressibleByArgument {}
