internal import SimilarityKernels
internal import Synchronization

/// The tables that the cell transform does not always need, made when they are first asked for.
final class Remainder: Sendable {
  /// A table with the observation weights that its moments have.
  struct Weighted: Sendable {
    let table: CellTable
    let weights: [Double]?
  }

  private enum State: Sendable {
    case notAsked
    case made(Weighted?)
  }

  private let states = Mutex([State](repeating: .notAsked, count: 3))

  private func table(_ index: Int, orMake make: () -> Weighted?) -> Weighted? {
    states.withLock { states in
      if case .made(let table) = states[index] { return table }
      let table = make()
      states[index] = .made(table)
      return table
    }
  }

  /// The table for Σw², whose kernel is K² and whose observation weights are ω²; nil where there is
  /// none of that accuracy.
  func squares(
    of problem: KernelSumProblem, weights: [Double]?, plan: CellPlan, execution: Execution
  ) -> Weighted? {
    table(0) {
      plan.squared(problem, execution: execution).map {
        Self.squared($0, problem, weights, execution)
      }
    }
  }

  /// The table of narrow cells; nil where they do not help.
  func narrow(
    of problem: KernelSumProblem, weights: [Double]?, plan: CellPlan, execution: Execution
  ) -> Weighted? {
    table(1) {
      plan.narrow(problem, execution: execution).map { plan in
        Weighted(
          table: plan.table(
            of: CellKeys(points: problem.keys, weights: weights, columns: problem.columns),
            execution: execution),
          weights: weights)
      }
    }
  }

  /// The table of narrow cells for Σw².
  func narrowSquares(
    of problem: KernelSumProblem, weights: [Double]?, plan: CellPlan, execution: Execution
  ) -> Weighted? {
    table(2) {
      plan.squared(problem, execution: execution)?.narrow(problem, execution: execution).map {
        Self.squared($0, problem, weights, execution)
      }
    }
  }

  private static func squared(
    _ plan: CellPlan, _ problem: KernelSumProblem, _ weights: [Double]?, _ execution: Execution
  ) -> Weighted {
    let weights = weights.map { $0.map { $0 * $0 } }
    return Weighted(
      table: plan.table(
        of: CellKeys(points: problem.keys, weights: weights, columns: []), execution: execution),
      weights: weights)
  }
}
