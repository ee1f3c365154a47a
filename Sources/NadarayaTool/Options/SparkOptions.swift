import ArgumentParser
import Tables

/// The cluster's table and which of its columns are keys, values and weights.
struct SparkDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The table as Spark knows it: a name, or a path as in parquet.`folder`.", valueName: "table"))
  var table: String?

  @OptionGroup var columns: ColumnOptions

  @Option(
    help: ArgumentHelp(
      "A row with a missing value (NULL, empty, NA, N/A, #N/A, NaN, null or None) fails the job or is "
        + "dropped and counted.",
      valueName: "fail|drop"))
  var missing: MissingPolicy = .fail

  /// The table with the roles of its columns, whose labels' levels are not known yet.
  ///
  /// - Throws: ``Failure`` where a role has no column, or a column has two roles.
  func resolved() throws(Failure) -> SparkTable {
    guard let table, !table.isEmpty else {
      throw .usage("no table is given", hint: "--table sales, or --table 'parquet.`folder`'")
    }
    // The columns of the table are not known here, so a name cannot have a comma.
    let roles = try columns.roles(header: [])
    return SparkTable(
      name: table, source: try SparkTableName(table).source, keyNames: roles.keys,
      labels: roles.labels.map { LabelColumn(name: $0, levels: [], numbers: []) },
      factorCount: roles.factors.count, valueNames: roles.values, weightName: roles.weights,
      missing: missing)
  }
}

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
