/// Rows as RFC 4180 text with a header, lines ended by LF.
struct CSVTableEncoder: TableEncoder {
  private let columns: [TableWriter.Column]

  init(_ columns: [TableWriter.Column]) { self.columns = columns }

  var startHoldsRowCount: Bool { false }

  func start(rowCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(Ascii.comma) }
      append(column.name, to: &bytes)
    }
    bytes.append(Ascii.newline)
    return bytes
  }

  func append(_ batch: [TableWriter.Values], rows: Range<Int>, to bytes: inout [UInt8]) {
    for row in rows {
      for index in batch.indices {
        if index > 0 { bytes.append(Ascii.comma) }
        switch batch[index] {
        case .numbers(let values): bytes.append(values[row].description)
        case .integers(let values): bytes.append(values[row].description)
        case .labels(let values): append(values[row], to: &bytes)
        }
      }
      bytes.append(Ascii.newline)
    }
  }

  func end() -> [UInt8] { [] }

  private func append(_ text: String, to bytes: inout [UInt8]) {
    guard needsQuotes(text) else { return bytes.append(text) }
    bytes.append(Ascii.quote)
    for byte in text.utf8 {
      if byte == Ascii.quote { bytes.append(Ascii.quote) }
      bytes.append(byte)
    }
    bytes.append(Ascii.quote)
  }

  /// Whether a text would not read back as one field, or not as the same one, without quotes.
  ///
  /// Any separator that readers look for counts, not the comma alone; so do spaces at the ends,
  /// which some readers take away, any space in a lone column, where it might be the separator, and
  /// an empty text where it would make a blank line.
  private func needsQuotes(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return columns.count == 1 }
    if first == Ascii.space || last == Ascii.space { return true }
    return text.utf8.contains { byte in
      switch byte {
      case Ascii.space: columns.count == 1
      case Ascii.comma, Ascii.semicolon, Ascii.pipe, Ascii.tab, Ascii.quote, Ascii.newline,
        Ascii.carriageReturn:
        true
      default: false
      }
    }
  }
}
