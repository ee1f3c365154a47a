/// A row of the triangular form to which the keys about one query reduce.
///
/// ```
/// Σᵢ wᵢ zᵢ zᵢᵀ = Σ over rows of D·e eᵀ,   Σᵢ wᵢ zᵢ vᵢ = Σ over rows of D·e·m,   z = (1, t)
/// ```
///
/// with e = 0 before the row's own column and 1 in it. In the first row D is Σw, e the mean of z and m
/// the mean of v. In a later row D is what the columns before it leave of a column, such as the scatter
/// of t, and m is a slope.
struct GradedRow: Equatable {
  /// D; 0 where the columns before it determine the row's column.
  var weight: AnchoredWeight
  /// e, one number for each coefficient.
  var entries: [Double]
  /// m, one number for each value column.
  var means: [Double]

  static func none(_ column: Int, of count: Int, valueCount: Int) -> GradedRow {
    var entries = [Double](repeating: 0, count: count)
    entries[column] = 1
    return GradedRow(
      weight: .none, entries: entries, means: [Double](repeating: 0, count: valueCount))
  }

  /// The row of the keys of both, for keys at one place and the first column.
  func pooled(with other: GradedRow) -> GradedRow {
    guard weight.factor > 0 else { return other }
    guard other.weight.factor > 0 else { return self }
    var row = self
    row.weight = weight + other.weight
    let share = weight.factor(over: row.weight) / row.weight.factor
    let otherShare = other.weight.factor(over: row.weight) / row.weight.factor
    row.means = zip(means, other.means).map { share * $0 + otherShare * $1 }
    return row
  }
}
