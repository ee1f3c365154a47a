/// How many times as long as ours others took, in the order in which they are drawn.
struct RatioTable {
  /// What a ratio belongs to.
  enum Kind: String {
    case peer
    /// Its estimates are far from the truth somewhere.
    case wrong
    /// It computes no estimates.
    case yardstick
  }

  /// The quartiles of a contestant's ratio.
  struct Row {
    let name: String
    let low: Double
    let middle: Double
    let high: Double
    let kind: Kind
  }

  private(set) var rows: [Row] = []

  /// Adds a line of name, low, middle, high and kind with tabs between them.
  ///
  /// - Returns: false where the line is not that.
  mutating func add(line: String) -> Bool {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 5, let low = Double(fields[1]), let middle = Double(fields[2]),
      let high = Double(fields[3]), let kind = Kind(rawValue: fields[4])
    else {
      return false
    }
    rows.append(Row(name: fields[0], low: low, middle: middle, high: high, kind: kind))
    return true
  }
}
