import Nadaraya
import Tables

/// A command's data with each column's role: the rows of a table or of a model.
struct DataTable {
  /// Where the data come from, as messages show it.
  let source: String
  /// The continuous inputs.
  let keyNames: [String]
  let keyColumns: [[Double]]
  /// The inputs of labels: factors, then ordered ones.
  let labels: [LabelColumn]
  /// How many of the labels are factors.
  let factorCount: Int
  let valueNames: [String]
  let values: [[Double]]
  let observationWeights: [Double]?
  let rowCount: Int

  /// The names of all inputs, in the order of their bandwidths.
  var inputNames: [String] { keyNames + labels.map(\.name) }

  /// The inputs of each row, joined once.
  var keys: Points {
    points.value { Points(columns: keyColumns + labels.map(\.numbers)) }
  }

  /// The rows, as estimators take them, checked once.
  var sample: Sample {
    get throws(KernelRegressionError) {
      try checked.value {
        Result { () throws(KernelRegressionError) in
          try Sample(keys: keys, values: valuesOrZeros, weights: observationWeights)
        }
      }.get()
    }
  }

  private let points = Once<Points>()
  private let checked = Once<Result<Sample, KernelRegressionError>>()

  /// The same with a single one of the value columns.
  func ofValue(_ value: Int) -> DataTable {
    DataTable(
      source: source, keyNames: keyNames, keyColumns: keyColumns, labels: labels,
      factorCount: factorCount, valueNames: [valueNames[value]], values: [values[value]],
      observationWeights: observationWeights, rowCount: rowCount)
  }

  /// Weights alone need no values: a column of zeros stands in.
  var valuesOrZeros: [[Double]] {
    values.isEmpty ? [[Double](repeating: 0, count: rowCount)] : values
  }
}

extension DataTable {
  /// The columns of a table: the continuous inputs first, then the values, then the weights if any.
  init(
    _ table: Table, source: String, keyNames: [String], labels: [LabelColumn], factorCount: Int,
    valueNames: [String], hasWeights: Bool
  ) {
    let columns = table.columns
    self.init(
      source: source, keyNames: keyNames, keyColumns: Array(columns.prefix(keyNames.count)),
      labels: labels, factorCount: factorCount, valueNames: valueNames,
      values: Array(columns.dropFirst(keyNames.count).prefix(valueNames.count)),
      observationWeights: hasWeights ? columns.last : nil, rowCount: table.rowCount)
  }
}
