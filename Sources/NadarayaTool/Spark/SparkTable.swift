import Tables

/// A table of the cluster and the roles of its columns.
struct SparkTable {
  /// As the user names it: an identifier, or a format and a path.
  let name: String
  /// As it stands after FROM.
  let source: String
  let keyNames: [String]
  /// The inputs of labels, factors and then ordered ones; without rows, and without levels until a survey
  /// has found them.
  var labels: [LabelColumn]
  let factorCount: Int
  let valueNames: [String]
  let weightName: String?
  let missing: MissingPolicy

  /// A column in its role.
  struct Column {
    enum Kind: Equatable {
      case number
      case weight
      /// Labels, by their place among the table's.
      case label(Int)
    }

    /// The name in the table.
    let name: String
    /// What statements and scripts call it: x0, f0, o0, y0 or w.
    let alias: String
    let kind: Kind
  }

  /// The columns that are needed, in the order in which scripts read them.
  var columns: [Column] {
    let numbers = { (names: [String], letter: String) in
      names.enumerated().map { Column(name: $1, alias: "\(letter)\($0)", kind: .number) }
    }
    return numbers(keyNames, "x") + labelColumns + numbers(valueNames, "y")
      + (weightName.map { [Column(name: $0, alias: "w", kind: .weight)] } ?? [])
  }

  var labelColumns: [Column] {
    labels.enumerated().map { place, label in
      let isFactor = place < factorCount
      let alias = isFactor ? "f\(place)" : "o\(place - factorCount)"
      return Column(name: label.name, alias: alias, kind: .label(place))
    }
  }

  /// The same columns as options of `nadaraya partial`.
  var question: Question {
    Question(
      keyNames: keyNames, labels: labels, factorCount: factorCount, valueNames: valueNames,
      weightName: weightName)
  }

  /// The names of all inputs, in the order of their bandwidths.
  var inputNames: [String] { keyNames + labels.map(\.name) }

  /// The names of the inputs in statements, in the same order.
  var inputAliases: [String] {
    keyNames.indices.map { "x\($0)" } + labelColumns.map(\.alias)
  }
}
