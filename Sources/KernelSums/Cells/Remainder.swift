internal import SimilarityKernels
internal import Synchronization

/// What the cell transform seldom needs, made when it is first asked for.
final class Remainder: Sendable {
  struct Squares: Sendable {
    let table: CellTable
    let weights: [Double]?
  }

  private let squares = Mutex<Squares?>(nil)
  private let direct = Mutex<DirectEngine?>(nil)

  /// The table for Σw², whose kernel is K² and whose observation weights are ω²; nil where there is
  /// none of that accuracy.
  func squares(
    of problem: KernelSumProblem, weights: [Double]?, plan: CellPlan, execution: Execution
  ) -> Squares? {
    squares.withLock { squares in
      if let squares { return squares }
      guard let plan = plan.squared(problem, execution: execution) else { return nil }
      let weights = weights.map { $0.map { $0 * $0 } }
      let made = Squares(
        table: plan.table(
          of: CellKeys(points: problem.keys, weights: weights, columns: []), execution: execution),
        weights: weights)
      squares = made
      return made
    }
  }

  /// Overwrites the sums of some queries by direct ones.
  func sums(
    ofSlots slots: [Int], of problem: KernelSumProblem, at queries: Points, in range: Range<Int>,
    omission: Omission, squares: Bool, execution: Execution, into results: UnsafeSums
  ) {
    let engine = direct.withLock { direct in
      let engine = direct ?? DirectEngine(problem)
      direct = engine
      return engine
    }
    for slot in slots {
      let index = range.lowerBound + slot
      let sums = engine.sums(
        at: queries, in: index..<index + 1, omission: omission, squares: squares,
        execution: execution)
      let entry = sums[0]
      results.logAnchors[slot] = entry.logAnchor
      results.weights[slot] = entry.weight
      results.squaredWeights[slot] = entry.squaredWeight
      for column in entry.columns.indices { results.column(column)[slot] = entry.columns[column] }
    }
  }
}
