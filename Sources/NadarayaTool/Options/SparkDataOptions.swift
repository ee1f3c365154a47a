import ArgumentParser
import Tables

/// The cluster's table and which of its columns are keys, values and weights.
struct SparkDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The table as Spark knows it: a name, or a path as in parquet.`folder`.", valueName: "table"))
  var table: String?

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
      "Inputs whose values are labels in order: that of the numbers where all are numbers, of --levels "
        + "otherwise.", valueName: "name"))
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
      "A row with a missing value (NULL, empty, NA, N/A, #N/A, NaN, null or None) fails the job or is "
        + "dropped and counted.",
      valueName: "fail|drop"))
  var missing: MissingPolicy = .fail

  var hasLabels: Bool { !(factor.isEmpty && ordered.isEmpty) }

  /// The table with the roles of its columns, whose labels' levels are not known yet.
  ///
  /// - Throws: ``Failure`` where a role is without a column, or a column has two.
  func resolved() throws(Failure) -> SparkTable {
    guard let table, !table.isEmpty else {
      throw .usage("no table is named", hint: "--table sales, or --table 'parquet.`folder`'")
    }
    let keyNames = try names(keys, option: "-x")
    let factors = try names(factor, option: "--factor")
    let labels = factors + (try names(ordered, option: "--ordered"))
    let valueNames = try names(values, option: "-y")
    if keyNames.isEmpty, labels.isEmpty {
      throw .usage("no key columns are named", hint: "name them with -x")
    }
    if valueNames.isEmpty { throw .usage("no value columns are named", hint: "name them with -y") }
    let others = keyNames + valueNames + (weights.map { [$0] } ?? [])
    for (place, name) in labels.enumerated() {
      if labels[..<place].contains(name) {
        throw .usage("--factor and --ordered name the column \"\(name)\" twice")
      }
      if others.contains(name) {
        throw .usage("the column \"\(name)\" is named as labels and as numbers")
      }
    }
    return SparkTable(
      name: table, source: try SparkTableName(table).source, keyNames: keyNames,
      labels: labels.map { LabelColumn(name: $0, levels: [], numbers: []) },
      factorCount: factors.count, valueNames: valueNames, weightName: weights, missing: missing)
  }

  private func names(_ arguments: [String], option: String) throws(Failure) -> [String] {
    // The columns of the table are not known here, so a name cannot have a comma.
    let names = columnNames(arguments, header: [])
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw .usage("\(option) names the column \"\(names[twice])\" twice")
    }
    return names
  }
}
