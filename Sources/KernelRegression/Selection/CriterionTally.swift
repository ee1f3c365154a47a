/// Sums over rows from which a ``CriterionReport`` is made.
struct CriterionTally {
  /// The rows with weight.
  var rowCount = 0
  /// Σω.
  var weight = 0.0
  /// The rows that no other precedes, and their Σω.
  var (withoutEarlier, weightWithoutEarlier) = (0, 0.0)
  /// Σ(1 − Hᵢᵢ).
  var residualFreedom = 0.0
  /// Σω e₋² for each value column.
  var leaveOneOutSquares: [Double]
  /// Σω e² for each value column.
  var squares: [Double]

  init(columnCount: Int) {
    leaveOneOutSquares = [Double](repeating: 0, count: columnCount)
    squares = leaveOneOutSquares
  }

  /// Adds the sums over other rows.
  mutating func add(_ other: CriterionTally) {
    rowCount += other.rowCount
    weight += other.weight
    withoutEarlier += other.withoutEarlier
    weightWithoutEarlier += other.weightWithoutEarlier
    residualFreedom += other.residualFreedom
    for column in squares.indices {
      leaveOneOutSquares[column] += other.leaveOneOutSquares[column]
      squares[column] += other.squares[column]
    }
  }

  /// The means.
  func report(unsupportedRows: Int) -> CriterionReport {
    CriterionReport(
      rowCount: rowCount,
      leaveOneOutMeanSquares: leaveOneOutSquares.map { $0 / (weight - weightWithoutEarlier) },
      meanSquares: squares.map { $0 / weight }, residualFreedom: residualFreedom,
      unsupportedRows: unsupportedRows, rowsWithoutEarlierKeys: withoutEarlier)
  }
}
