import ArgumentParser

/// Where estimates are computed, if the keys are too many to be the queries.
struct SparkQueryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Queries from a table with the columns of the inputs.", valueName: "file"),
    completion: .file())
  var at: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Queries at N evenly spaced places over each input's range, ends included, for every "
        + "combination of labels; the range takes a pass over the table.", valueName: "n"))
  var grid: Int?

  @OptionGroup var text: TextOptions

  /// The same options as other commands have them.
  var options: QueryOptions {
    var options = QueryOptions()
    options.at = at
    options.grid = grid
    options.leaveOneOut = false
    return options
  }

  func check() throws(Failure) {
    guard at != nil || grid != nil else {
      throw .usage(
        "no queries are given",
        hint: "--at FILE names a table of queries, --grid N takes N places over each input's range")
    }
    try options.check(nil)
  }
}
