/// Rows as a two-dimensional NumPy array of little-endian float64 in C order.
///
/// ## Source
/// The NPY format, version 1.0: NEP 1 and `numpy.lib.format` in NumPy's documentation.
struct NPYTableEncoder: TableEncoder {
  private let columnCount: Int

  /// Bytes before the elements: a multiple of 64, as the format asks, that holds any shape.
  private static let startSize = 128

  /// - Throws: ``TableError/Code/unsupportedValue`` where a column holds labels.
  init(_ columns: [TableWriter.Column], place: TableError.Place) throws(TableError) {
    for column in columns where column.kind == .labels {
      throw .labelsInArray(column.name, place: place)
    }
    columnCount = columns.count
  }

  var startHoldsRowCount: Bool { true }

  func start(rowCount: Int) -> [UInt8] {
    let header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rowCount), \(columnCount)), }"
    let headerSize = Self.startSize - NPYHeader.mark.count - 4
    var bytes = NPYHeader.mark + [1, 0, UInt8(headerSize), 0] + Array(header.utf8)
    bytes += Array(repeating: Ascii.space, count: Self.startSize - 1 - bytes.count)
    return bytes + [Ascii.newline]
  }

  func append(_ batch: [TableWriter.Values], rows: Range<Int>, to bytes: inout [UInt8]) {
    for row in rows {
      for column in batch {
        switch column {
        case .numbers(let values): append(values[row], to: &bytes)
        case .integers(let values): append(Double(values[row]), to: &bytes)
        case .labels: preconditionFailure("an NPY array cannot hold labels")
        }
      }
    }
  }

  func end() -> [UInt8] { [] }

  private func append(_ value: Double, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
