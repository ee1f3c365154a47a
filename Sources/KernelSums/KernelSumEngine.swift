package import SimilarityKernels

/// A way to compute kernel sums.
///
/// To make an engine is to plan: whatever depends on keys and similarity alone is prepared then.
/// It answers any number of queries afterwards. It knows nothing of regression, and estimators
/// know nothing of how sums come about.
package protocol KernelSumEngine: Sendable {
  /// The name that options and reports use.
  static var name: String { get }

  /// The preferred number of queries in one call: enough for the engine to bring them into an order
  /// of its own, few enough for their sums to need little memory.
  var runLength: Int { get }

  /// The sums at each query of a range.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries that are asked about.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in their order.
  ///   - squares: whether Σw² is wanted as well.
  ///   - execution: threads, instruction set, progress, cancellation.
  /// - Returns: the sums of `range.count` queries, the first of the range first; nothing to be used where
  ///   `execution.isCancelled` has answered true.
  func sums(
    at queries: Points, in range: Range<Int>, omission: Omission, squares: Bool,
    execution: Execution
  ) -> AnchoredSums
}

extension KernelSumEngine {
  /// 65,536.
  package var runLength: Int { 1 << 16 }

  /// The sums at all queries.
  package func sums(
    at queries: Points, omission: Omission = .none, squares: Bool = false,
    execution: Execution = Execution()
  ) -> AnchoredSums {
    sums(
      at: queries, in: queries.indices, omission: omission, squares: squares, execution: execution)
  }
}

/// How a computation runs; nothing in it changes a result beyond the last bits.
package struct Execution: Sendable {
  /// The number of threads, at least 1; nil stands for one for each processor.
  package var threads: Int?

  /// The instruction set of the innermost loops.
  package var instructions: InstructionSet

  /// Called now and then, from any thread, with the fraction of the work that is done.
  package var progress: (@Sendable (Double) -> Void)?

  /// Asked now and then, from any thread, whether the work is to be given up; nil for never.
  ///
  /// Where it answers true, an estimator's operation ends soon after by throwing
  /// `KernelRegressionError.Code.cancelled`, at the latest when it is done, and returns nothing. What it has
  /// made for later operations is whole: to give up changes none of their results. It is asked before each
  /// block of queries, but not while a plan is made of the keys, which is always finished, and should
  /// answer within microseconds. `Task.isCancelled` is of no use here, since other threads than the task's
  /// ask: let the handler of `withTaskCancellationHandler` set what is asked for.
  package var isCancelled: (@Sendable () -> Bool)?

  /// All processors, their widest instructions, no progress reports, and no cancellation.
  package init(
    threads: Int? = nil, instructions: InstructionSet = .best,
    progress: (@Sendable (Double) -> Void)? = nil, isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    precondition(threads.map { $0 >= 1 } ?? true, "work needs at least one thread")
    self.threads = threads
    self.instructions = instructions
    self.progress = progress
    self.isCancelled = isCancelled
  }
}
