internal import SimilarityKernels

/// The tables of one plan of cells: for Σw and Σwc, and, made on first use, for Σw².
final class CellSums: Sendable {
  private let problem: KernelSumProblem
  private let plan: CellPlan
  private let plain: CellTable

  /// The table of Σw and Σwc.
  var table: CellTable { plain }

  /// Σω divided by the weights' power of two.
  let totalWeight: Double

  /// The table for K² and ω², with ω²; nil if none has the required accuracy.
  private let squared = Once<(table: CellTable, weights: [Double]?)?>()

  /// The key that a query leaves out.
  enum OwnRows {
    case none
    /// Query i leaves out key i.
    case same
    /// Query i leaves out the i-th of these.
    case listed([Int])
  }

  init(_ problem: KernelSumProblem, plan: CellPlan, execution: Execution) {
    self.problem = problem
    self.plan = plan
    let keys = CellKeys(
      points: problem.keys, weights: problem.orders.weights(problem).weights,
      columns: problem.columns,
      magnitudes: problem.orders.ranges(problem, execution: execution).magnitudes)
    totalWeight = keys.totalWeight
    plain = plan.table(of: keys, execution: execution)
  }

  /// Writes the sums of the queries of a range.
  ///
  /// - Parameters:
  ///   - own: the key that each query leaves out.
  ///   - weights: room for Σw, one for each query of the range.
  ///   - squaredWeights: room for Σw²; nil if not requested.
  ///   - columns: room for the other sums, in the order of ``AnchoredSums``.
  /// - Returns: the queries, counted from the start of the range, whose sums are not certain;
  ///   ascending.
  func sums(
    at queries: Points, in range: Range<Int>, own: OwnRows,
    weights: UnsafeMutablePointer<Double>, squaredWeights: UnsafeMutablePointer<Double>?,
    columns: [UnsafeMutablePointer<Double>], execution: Execution
  ) -> [Int] {
    let uncertain = plain.sums(
      at: queries, in: range,
      own: own.keys(weights: problem.orders.weights(problem).weights, columns: problem.columns),
      weights: weights, columns: columns, execution: execution)
    guard let squaredWeights else { return uncertain }
    guard let squares = squares(execution: execution) else { return Array(0..<range.count) }
    let more = squares.table.sums(
      at: queries, in: range, own: own.keys(weights: squares.weights, columns: []),
      weights: squaredWeights, columns: [], execution: execution)
    return Set(uncertain).union(more).sorted()
  }

  /// Whether the error of Σw² at a query is small relative to a given sum.
  func isCertain(
    _ point: ArraySlice<Double>, squaredWeight: Double, execution: Execution
  ) -> Bool {
    guard let table = squares(execution: execution)?.table, let row = table.row(of: point) else {
      return false
    }
    return table.isCertain(row, weight: squaredWeight) { _ in 0 }
  }

  private func squares(execution: Execution) -> (table: CellTable, weights: [Double]?)? {
    let execution = execution.silent
    return squared.value {
      plan.squared(problem, execution: execution).map { plan in
        let weights = problem.orders.weights(problem).weights.map { $0.map { $0 * $0 } }
        return (
          table: plan.table(
            of: CellKeys(points: problem.keys, weights: weights, columns: [], magnitudes: []),
            execution: execution),
          weights: weights
        )
      }
    }
  }
}

extension CellSums.OwnRows {
  /// The weights and values that the queries leave out.
  fileprivate func keys(weights: [Double]?, columns: [[Double]]) -> OwnKeys? {
    switch self {
    case .none: nil
    case .same: OwnKeys(weights: weights, columns: columns)
    case .listed(let rows):
      OwnKeys(
        weights: weights.map { weights in rows.map { weights[$0] } },
        columns: columns.map { column in rows.map { column[$0] } })
    }
  }
}
