extension TableError {
  /// A place in a table, as messages name it.
  ///
  /// Text has lines, counted from 1 as editors do: `cars.csv:17: column "dist"`. An array has
  /// rows, counted from 0 as NumPy does: `m.npy: row 3, column "c1"`.
  package struct Place: Hashable, Sendable {
    /// The input's name as the user knows it: a path, or `<stdin>`.
    package let name: String

    /// The 1-based physical line on which the row starts, in text.
    package let line: Int?

    /// The 0-based row, in an array.
    package let row: Int?

    /// The column's name.
    package let column: String?

    init(name: String, line: Int? = nil, row: Int? = nil, column: String? = nil) {
      self.name = name
      self.line = line
      self.row = row
      self.column = column
    }
  }
}

extension TableError.Place: CustomStringConvertible {
  /// The place as a message begins with it.
  package var description: String {
    let parts = [row.map { "row \($0)" }, column.map { "column \(quoted($0))" }]
      .compactMap { $0 }
      .joined(separator: ", ")
    let start = line.map { "\(name):\($0)" } ?? name
    return parts.isEmpty ? start : "\(start): \(parts)"
  }
}
