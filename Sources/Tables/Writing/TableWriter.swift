/// Writes a table of results, a batch of rows at a time.
///
/// ```swift
/// let columns: [TableWriter.Column] = [.init("query", .integers), .init("weight", .numbers)]
/// let writer = try TableWriter(columns, format: .csv, to: "weights.csv")
/// try writer.write([.integers(queries), .numbers(weights)])
/// try writer.commit()
/// ```
///
/// The output appears whole or not at all, see ``AtomicFile``: what is not committed is removed. No
/// more than a batch is held in memory, with one exception: the header of an NPY file holds the
/// number of rows, so on a pipe, where it cannot be filled in afterwards, all rows are collected.
package final class TableWriter {
  private let columns: [Column]
  private let file: AtomicFile
  private var encoder: any TableEncoder
  private var rowCount = 0

  /// The encoded rows where they must wait for their number, otherwise `nil`.
  private var collected: [UInt8]?

  private static let blockRows = 512

  /// Opens the output and writes everything before the first row.
  ///
  /// - Parameters:
  ///   - columns: names and kinds, in the order in which batches will hold the values.
  ///   - path: the destination; `nil` or `-` for standard output.
  /// - Throws: ``TableError/Code/unsupportedValue`` for labels in an NPY file,
  ///   ``TableError/Code/cannotWrite``.
  package init(_ columns: [Column], format: Format, to path: String?) throws(TableError) {
    self.columns = columns
    encoder =
      switch format {
      case .csv: CSVTableEncoder(columns)
      case .json: JSONTableEncoder(columns)
      case .npy: try NPYTableEncoder(columns, place: TableError.Place(name: Destination(path).name))
      }
    file = try AtomicFile(path)
    if encoder.startHoldsRowCount, !file.canOverwrite {
      collected = []
    } else {
      try file.write(encoder.start(rowCount: 0))
    }
  }

  /// Adds rows.
  ///
  /// - Parameter batch: the values of each column, of the column's kind and all of one length.
  /// - Throws: ``TableError/Code/cannotWrite``.
  /// - Complexity: O(values).
  package func write(_ batch: [Values]) throws(TableError) {
    precondition(
      batch.map(\.kind) == columns.map(\.kind), "a batch must have the columns of the writer")
    let count = batch.first?.count ?? 0
    precondition(batch.allSatisfy { $0.count == count }, "a batch's columns differ in length")
    var block: [UInt8] = []
    for start in stride(from: 0, to: count, by: Self.blockRows) {
      encoder.append(batch, rows: start..<min(count, start + Self.blockRows), to: &block)
      if collected == nil {
        try file.write(block)
      } else {
        collected?.append(contentsOf: block)
      }
      block.removeAll(keepingCapacity: true)
    }
    rowCount += count
  }

  /// Writes everything after the last row and puts the output in its place.
  ///
  /// - Throws: ``TableError/Code/cannotWrite``.
  /// - Precondition: called once, after the last batch.
  package func commit() throws(TableError) {
    if let collected {
      try file.write(encoder.start(rowCount: rowCount))
      try file.write(collected)
    } else if encoder.startHoldsRowCount {
      try file.overwriteStart(with: encoder.start(rowCount: rowCount))
    }
    try file.write(encoder.end())
    try file.commit()
  }
}

extension TableWriter {
  /// Writes a whole table in one call.
  ///
  /// - Parameters:
  ///   - table: names and values, all columns of one length.
  ///   - path: the destination; `nil` or `-` for standard output.
  /// - Throws: ``TableError/Code/unsupportedValue``, ``TableError/Code/cannotWrite``.
  /// - Complexity: O(values).
  package static func write(
    _ table: [(name: String, values: Values)], format: Format, to path: String?
  ) throws(TableError) {
    let columns = table.map { Column($0.name, $0.values.kind) }
    let writer = try TableWriter(columns, format: format, to: path)
    try writer.write(table.map(\.values))
    try writer.commit()
  }
}
