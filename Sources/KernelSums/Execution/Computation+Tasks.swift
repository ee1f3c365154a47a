internal import Dispatch
internal import Synchronization

extension Computation {
  /// The result of some work that other threads do while the calling task waits; cancelling that task
  /// cancels the work.
  ///
  /// ```swift
  /// let predictions = try await Computation().perform { computation in
  ///   try KernelSmoother(sample, similarity, computation: computation).predict(at: queries)
  /// }
  /// ```
  ///
  /// - Parameter work: receives this computation, whose ``isCancelled`` returns true once the task is
  ///   cancelled. It can create an estimator with it, set it on an estimator, or choose bandwidths with
  ///   it.
  /// - Throws: any error from the work; if the task was cancelled, an error whose code is `cancelled`.
  public func perform<Result: Sendable>(
    _ work: @escaping @Sendable (Computation) throws -> Result
  ) async throws -> Result {
    let given = isCancelled
    let latch = Latch()
    var computation = self
    computation.isCancelled = { latch.isShut || given?() ?? false }
    return try await withTaskCancellationHandler {
      [computation] in
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
          continuation.resume(with: Swift.Result { try work(computation) })
        }
      }
    } onCancel: {
      _ = latch.shut()
    }
  }
}
