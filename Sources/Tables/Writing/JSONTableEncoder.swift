/// Rows as an array of JSON objects, one a line.
///
/// ## Source
/// RFC 8259, doi:10.17487/RFC8259.
struct JSONTableEncoder: TableEncoder {
  /// The text before each value of a record: brace or comma, name, colon.
  private let leads: [[UInt8]]
  private var isEmpty = true

  init(_ columns: [TableWriter.Column]) {
    leads = columns.enumerated().map { index, column in
      var bytes = Array((index == 0 ? "{" : ",").utf8)
      JSONText.append(column.name, to: &bytes)
      bytes.append(":")
      return bytes
    }
  }

  var startHoldsRowCount: Bool { false }

  func start(rowCount: Int) -> [UInt8] { Array("[".utf8) }

  mutating func append(
    _ batch: [TableWriter.Values], rows: Range<Int>, to bytes: inout [UInt8]
  ) {
    for row in rows {
      bytes.append(isEmpty ? "\n" : ",\n")
      isEmpty = false
      for index in batch.indices {
        bytes.append(contentsOf: leads[index])
        switch batch[index] {
        case .numbers(let values):
          bytes.append(values[row].isFinite ? values[row].description : "null")
        case .integers(let values): bytes.append(values[row].description)
        case .labels(let values): JSONText.append(values[row], to: &bytes)
        }
      }
      bytes.append("}")
    }
  }

  func end() -> [UInt8] { Array((isEmpty ? "]\n" : "\n]\n").utf8) }
}
