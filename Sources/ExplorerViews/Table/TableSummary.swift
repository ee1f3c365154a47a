/// What a table contains, for choosing columns.
package struct TableSummary: Encodable, Hashable, Sendable {
  /// What a column contains.
  package enum Kind: String, Encodable, Hashable, Sendable {
    /// Numbers, some of which may be missing.
    case number
    /// Anything else; no curve can run along it.
    case words
  }

  /// One column.
  package struct Column: Encodable, Hashable, Sendable {
    /// Its name in the header.
    package let name: String

    /// What it contains.
    package let kind: Kind

    /// The smallest number; nil for words, and if an infinite number or one beyond a double makes the
    /// column unusable.
    package let minimum: Double?

    /// The largest number; nil if ``minimum`` is.
    package let maximum: Double?

    /// The number of different numbers or words; nil if the column is unusable.
    package let distinct: Int?

    /// The number of rows in which the column has no value.
    package let missing: Int

    /// Whether the column can be an input, a value or weights.
    package var isUsable: Bool { kind == .number && minimum != nil }
  }

  /// The table's name, as messages show it.
  package let name: String

  /// The number of rows, including those with missing values.
  package let rows: Int

  /// All columns in the table's order.
  package let columns: [Column]

  /// The names of the columns that can be shown.
  var usableNames: [String] { columns.filter(\.isUsable).map(\.name) }
}
