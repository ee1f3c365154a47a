/// A row of the triangular form to which the keys about one query reduce.
///
/// ```
/// Σᵢ wᵢ zᵢ zᵢᵀ = Σ over rows of D·e eᵀ,   Σᵢ wᵢ zᵢ vᵢ = Σ over rows of D·e·m,   z = (1, t)
/// ```
///
/// with e = 0 before the row's own column and 1 in it. D of the first row is Σw, its e the mean of z
/// and its m the mean of v; D of a later one is what remains of a column beside those before it, as the
/// scatter of t, and its m a slope.
struct GradedRow: Equatable {
  /// D; none where the row's column is determined by those before it.
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

  /// The row of the keys of both, of one place and the first column.
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
