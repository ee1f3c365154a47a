/// How rows become the bytes of a format.
protocol TableEncoder {
  /// Whether ``start(rowCount:)`` depends on the number of rows; its length never does.
  var startHoldsRowCount: Bool { get }

  /// The bytes before the first row.
  func start(rowCount: Int) -> [UInt8]

  /// Adds the bytes of some rows of a batch.
  mutating func append(
    _ batch: [TableWriter.Values], rows: Range<Int>, to bytes: inout [UInt8])

  /// The bytes after the last row.
  func end() -> [UInt8]
}

extension [UInt8] {
  /// Adds text as UTF-8.
  @inline(__always)
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }
}
