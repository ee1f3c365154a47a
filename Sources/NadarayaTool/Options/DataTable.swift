import Nadaraya
import Tables

/// The columns of a table in their roles.
struct DataTable {
  let table: Table
  /// The continuous inputs.
  let keyNames: [String]
  /// The inputs of labels: factors, then ordered ones.
  let labels: [LabelColumn]
  /// How many of the labels are factors.
  let factorCount: Int
  let valueNames: [String]
  let hasWeights: Bool

  var keyColumns: [[Double]] { Array(table.columns.prefix(keyNames.count)) }

  /// The names of all inputs, in the order of their bandwidths.
  var inputNames: [String] { keyNames + labels.map(\.name) }

  var keys: Points { Points(columns: keyColumns + labels.map(\.numbers)) }

  var values: [[Double]] {
    Array(table.columns.dropFirst(keyNames.count).prefix(valueNames.count))
  }

  /// Weights alone need no values: a column of zeros stands in.
  var valuesOrZeros: [[Double]] {
    values.isEmpty ? [[Double](repeating: 0, count: table.rowCount)] : values
  }

  var observationWeights: [Double]? { hasWeights ? table.columns[table.columns.count - 1] : nil }
}
