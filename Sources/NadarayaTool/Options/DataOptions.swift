internal import ArgumentParser
public import Tables
import Wording

/// The table and which of its columns are keys, values and weights.
struct DataOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The table: CSV, TSV, .npy, .parquet (with duckdb), or - for CSV on standard input.",
      valueName: "data"),
    completion: .file())
  var data: String?

  @OptionGroup var columns: ColumnOptions

  @Option(
    help: ArgumentHelp(
      "A row with a missing value (empty, NA, N/A, #N/A, NaN, null or None) fails the command or is "
        + "dropped and counted.",
      valueName: "fail|drop"))
  var missing: MissingPolicy = .fail

  @OptionGroup var text: TextOptions

  /// Reads the columns that the command needs.
  ///
  /// - Parameter needsValues: whether the command needs `-y`.
  func read(needsValues: Bool = true) async throws -> DataTable {
    guard let data else {
      throw Failure.usage(
        "no table is given", hint: "as in nadaraya predict cars.csv -x speed -y dist")
    }
    let input = try await TableInput.opening(data, text)
    let roles = try columns.roles(
      header: input.header, of: input.name, needsValues: needsValues)
    let table = try input.table(
      TableRequest(
        numbers: roles.numbers, nonNegative: Set(roles.weights.map { [$0] } ?? []),
        labels: roles.labels, missing: missing))
    table.warnOfDroppedRows(of: input)
    return DataTable(
      table, source: input.name, keyNames: roles.keys,
      labels: try columns.orderedLabels(of: table, factorCount: roles.factors.count),
      factorCount: roles.factors.count, valueNames: roles.values,
      hasWeights: roles.weights != nil)
  }
}

extension Table {
  /// Warns of the rows that `--missing drop` leaves out.
  func warnOfDroppedRows(of input: TableInput) {
    guard droppedRows > 0 else { return }
    StandardError.warn(
      "\(input.name): \(counted(droppedRows, "row")) with missing values left out; row "
        + "numbers do not count them")
  }
}

extension MissingPolicy: ExpressibleByArgument {}
