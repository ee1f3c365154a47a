/// What a table holds, for those who pick columns.
public struct TableSummary: Encodable, Hashable, Sendable {
  /// What a column holds.
  public enum Kind: String, Encodable, Hashable, Sendable {
    /// Numbers, some of which may be missing.
    case number
    /// Anything else, which no curve runs along.
    case words
  }

  /// One column.
  public struct Column: Encodable, Hashable, Sendable {
    /// Its name in the header.
    public let name: String

    /// What it holds.
    public let kind: Kind

    /// The smallest number; nil for words, and where an infinite number or one beyond a double makes the
    /// column unfit.
    public let minimum: Double?

    /// The largest number; nil as ``minimum`` is.
    public let maximum: Double?

    /// How many different numbers or words there are; nil where the column is unfit.
    public let distinct: Int?

    /// The number of rows in which the column says nothing.
    public let missing: Int

    /// Whether the column can be an input, a value or weights.
    public var isUsable: Bool { kind == .number && minimum != nil }
  }

  /// The table's name, as messages show it.
  public let name: String

  /// The number of rows, those with missing values too.
  public let rows: Int

  /// All columns in the table's order.
  public let columns: [Column]

  /// The names of the columns that can be shown.
  var usableNames: [String] { columns.filter(\.isUsable).map(\.name) }
}
