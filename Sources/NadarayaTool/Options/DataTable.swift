import Nadaraya
import Tables

/// The columns of a table in their roles.
struct DataTable {
  let table: Table
  let keyNames: [String]
  let valueNames: [String]
  let hasWeights: Bool

  var keyColumns: [[Double]] { Array(table.columns.prefix(keyNames.count)) }

  var keys: Points { Points(columns: keyColumns) }

  var values: [[Double]] {
    Array(table.columns.dropFirst(keyNames.count).prefix(valueNames.count))
  }

  /// Weights alone need no values: a column of zeros stands in.
  var valuesOrZeros: [[Double]] {
    values.isEmpty ? [keyColumns[0].map { _ in 0.0 }] : values
  }

  var observationWeights: [Double]? { hasWeights ? table.columns[table.columns.count - 1] : nil }
}
