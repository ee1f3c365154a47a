/// How a computation runs; no setting changes a result beyond the last bits.
package struct Execution: Sendable {
  /// The number of threads, at least 1; nil for one for each processor.
  package var threads: Int?

  /// The instruction set of the innermost loops.
  package var instructions: InstructionSet

  /// Called now and then, from any thread, with the fraction of the work done.
  package var progress: (@Sendable (Double) -> Void)?

  /// Called now and then, from any thread, to ask whether to cancel the work; nil for never.
  ///
  /// Once it returns true, an estimator's operation soon throws `KernelRegressionError.Code.cancelled`,
  /// at the latest when its work is done, and returns nothing. Anything it has prepared for later
  /// operations is complete: cancelling does not change their results. It is called before each block
  /// of queries, but not during planning, which is always finished, and should return within
  /// microseconds. `Task.isCancelled` does not work here, since threads other than the task's call it:
  /// set a flag in the handler of `withTaskCancellationHandler` instead.
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
