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

  @Option(
    name: .customShort("x"),
    help: ArgumentHelp(
      "Key columns, the inputs; several separated by commas, or -x again.", valueName: "name"))
  var keys: [String] = []

  @Option(
    help: ArgumentHelp(
      "Inputs whose values are labels without order; several separated by commas, or --factor again.",
      valueName: "name"))
  var factor: [String] = []

  @Option(
    help: ArgumentHelp(
      "Inputs whose values are labels in order: that of the numbers where all are numbers, of their "
        + "first appearance otherwise, or of --levels.",
      valueName: "name"))
  var ordered: [String] = []

  @Option(
    help: ArgumentHelp(
      "The order of the labels of an --ordered input, as in grade=low,middle,high.",
      valueName: "name=a,b,…"))
  var levels: [String] = []

  @Option(
    name: .customShort("y"),
    help: ArgumentHelp(
      "Value columns; several separated by commas, or -y again.", valueName: "name"))
  var values: [String] = []

  @Option(
    help: ArgumentHelp("A column of observation weights, finite and ≥ 0.", valueName: "name"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A row with a missing value (empty, NA, N/A, #N/A, NaN, null or None) fails the command or is "
        + "dropped and counted.",
      valueName: "fail|drop"))
  var missing: MissingPolicy = .fail

  @OptionGroup var text: TextOptions

  /// Reads the columns that the command needs.
  ///
  /// - Parameter needsValues: whether the command has a use for `-y`.
  func read(needsValues: Bool = true) async throws -> DataTable {
    guard let data else {
      throw Failure.usage(
        "no table is named", hint: "as in nadaraya predict cars.csv -x speed -y dist")
    }
    let input = try await TableInput.opening(data, text)
    let factorNames = columnNames(factor, header: input.header)
    let orderedNames = columnNames(ordered, header: input.header)
    let labelNames = factorNames + orderedNames
    let keyNames =
      keys.isEmpty && !labelNames.isEmpty
      ? [] : try names(keys, option: "-x", of: "key", in: input)
    let valueNames =
      values.isEmpty && !needsValues ? [] : try names(values, option: "-y", of: "value", in: input)
    try checkLabels(labelNames, beside: keyNames + valueNames + (weights.map { [$0] } ?? []))
    let table = try input.table(
      TableRequest(
        numbers: keyNames + valueNames + (weights.map { [$0] } ?? []),
        nonNegative: Set(weights.map { [$0] } ?? []), labels: labelNames, missing: missing))
    table.warnOfDroppedRows(of: input)
    return DataTable(
      table, source: input.name, keyNames: keyNames,
      labels: try orderedLabels(of: table, factorCount: factorNames.count),
      factorCount: factorNames.count, valueNames: valueNames, hasWeights: weights != nil)
  }

  private func names(
    _ arguments: [String], option: String, of kind: String, in input: TableInput
  ) throws -> [String] {
    let names = columnNames(arguments, header: input.header)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw Failure.usage("\(option) names the column \"\(names[twice])\" twice")
    }
    guard !names.isEmpty else {
      throw Failure.usage(
        "no \(kind) columns are named",
        hint: "name them with \(option); the columns of \(input.name) are "
          + input.header.joined(separator: ", "))
    }
    return names
  }
}

extension Table {
  /// Rows that `--missing drop` leaves out are counted, never left out in silence.
  func warnOfDroppedRows(of input: TableInput) {
    guard droppedRows > 0 else { return }
    StandardError.warn(
      "\(input.name): \(counted(droppedRows, "row")) with missing values left out; rows are "
        + "counted without them")
  }
}

/// Column names from options: separated by commas, unless a column's own name has that comma.
///
/// - Parameter header: the names that there are; empty where they are not known, and a name without a comma is
///   then taken as it is.
func columnNames(_ arguments: [String], header: [String]) -> [String] {
  arguments.flatMap { argument in
    header.contains(argument) || header.isEmpty && !argument.isEmpty && !argument.contains(",")
      ? [argument]
      : argument.split(separator: ",").map { name in
        let trimmed = name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        return header.contains(String(name)) ? String(name) : String(trimmed)
      }
  }
}

extension MissingPolicy: ExpressibleByArgument {}
