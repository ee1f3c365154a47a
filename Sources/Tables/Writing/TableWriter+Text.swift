extension TableWriter {
  /// A whole table as CSV text with a header, as ``write(_:format:to:)`` writes it to a file.
  ///
  /// - Parameter table: names and values, all columns of one length.
  /// - Complexity: O(values).
  package static func csv(_ table: [(name: String, values: Values)]) -> String {
    let count = table.first?.values.count ?? 0
    precondition(table.allSatisfy { $0.values.count == count }, "columns differ in length")
    let encoder = CSVTableEncoder(table.map { Column($0.name, $0.values.kind) })
    var bytes = encoder.start(rowCount: count)
    encoder.append(table.map(\.values), rows: 0..<count, to: &bytes)
    bytes += encoder.end()
    return String(decoding: bytes, as: UTF8.self)
  }
}
