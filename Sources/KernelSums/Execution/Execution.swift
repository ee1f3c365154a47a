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
