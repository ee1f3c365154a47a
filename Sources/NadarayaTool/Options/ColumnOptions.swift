import ArgumentParser
import Tables

/// Which columns of a table are keys, values and weights, wherever the table is stored.
struct ColumnOptions: ParsableArguments {
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
      "Inputs whose values are labels in order: by number where all are numbers, otherwise as --levels "
        + "says or, in a single table, as they first appear.",
      valueName: "name"))
  var ordered: [String] = []

  @Option(
    help: ArgumentHelp(
      "The labels of an input in their order, as in grade=low,middle,high. Parts of a table, which need "
        + "not have all labels, need it for every --factor and --ordered input.",
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

  /// Whether any input holds labels.
  var hasLabels: Bool { !(factor.isEmpty && ordered.isEmpty) }

  /// The options that were given.
  var given: [String] {
    [
      ("-x", keys.isEmpty), ("--factor", factor.isEmpty), ("--ordered", ordered.isEmpty),
      ("--levels", levels.isEmpty), ("-y", values.isEmpty), ("--weights", weights == nil),
    ].filter { !$0.1 }.map(\.0)
  }
}

/// The names of columns by their roles.
struct ColumnRoles {
  let keys: [String]
  let factors: [String]
  let ordered: [String]
  let values: [String]
  let weights: String?

  var labels: [String] { factors + ordered }

  /// The columns of numbers, in the order in which a table is read.
  var numbers: [String] { keys + values + (weights.map { [$0] } ?? []) }
}

extension ColumnOptions {
  /// The columns by their roles.
  ///
  /// - Parameters:
  ///   - header: the columns that there are; empty where they are not known, and a name cannot have a comma
  ///     then.
  ///   - place: the table's name in messages; nil where it is not known.
  ///   - needsValues: whether values are required.
  /// - Throws: ``Failure`` where a role has no column, or a column has two roles.
  func roles(
    header: [String], of place: String? = nil, needsValues: Bool = true
  ) throws(Failure) -> ColumnRoles {
    let roles = ColumnRoles(
      keys: try names(keys, "-x", header), factors: try names(factor, "--factor", header),
      ordered: try names(ordered, "--ordered", header), values: try names(values, "-y", header),
      weights: weights)
    func check(_ names: [String], _ kind: String, _ option: String) throws(Failure) {
      guard names.isEmpty else { return }
      throw .usage(
        "no \(kind) columns are given",
        hint: "name them with \(option)"
          + (place.map { "; the columns of \($0) are \(header.joined(separator: ", "))" } ?? ""))
    }
    if roles.labels.isEmpty || !keys.isEmpty { try check(roles.keys, "key", "-x") }
    if needsValues || !values.isEmpty { try check(roles.values, "value", "-y") }
    for (place, name) in roles.labels.enumerated() {
      if roles.labels[..<place].contains(name) {
        throw .usage("--factor and --ordered name the column \"\(name)\" twice")
      }
      if roles.numbers.contains(name) {
        throw .usage("the column \"\(name)\" is named both as labels and as numbers")
      }
    }
    return roles
  }

  private func names(
    _ arguments: [String], _ option: String, _ header: [String]
  ) throws(Failure) -> [String] {
    let names = columnNames(arguments, header: header)
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw .usage("\(option) names the column \"\(names[twice])\" twice")
    }
    return names
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
