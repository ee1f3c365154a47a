/// What a table holds, for those who pick columns.
package struct TableSummary: Encodable, Hashable, Sendable {
  /// What a column holds.
  package enum Kind: String, Encodable, Hashable, Sendable {
    /// Numbers, some of which may be missing.
    case number
    /// Anything else, which no curve runs along.
    case words
  }

  /// One column.
  package struct Column: Encodable, Hashable, Sendable {
    /// Its name in the header.
    package let name: String

    /// What it holds.
    package let kind: Kind

    /// The smallest number; nil for words, and where an infinite number or one beyond a double makes the
    /// column unfit.
    package let minimum: Double?

    /// The largest number; nil as ``minimum`` is.
    package let maximum: Double?

    /// How many different numbers or words there are; nil where the column is unfit.
    package let distinct: Int?

    /// The number of rows in which the column says nothing.
    package let missing: Int

    /// Whether the column can be an input, a value or weights.
    package var isUsable: Bool { kind == .number && minimum != nil }
  }

  /// The table's name, as messages show it.
  package let name: String

  /// The number of rows, those with missing values too.
  package let rows: Int

  /// All columns in the table's order.
  package let columns: [Column]

  /// The names of the columns that can be shown.
  var usableNames: [String] { columns.filter(\.isUsable).map(\.name) }
}
