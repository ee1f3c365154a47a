internal import Dispatch
internal import Synchronization

extension Computation {
  /// The result of some work, which other threads do while the calling task waits, and which is given up when
  /// that task is cancelled.
  ///
  /// ```swift
  /// let predictions = try await Computation().perform { computation in
  ///   try KernelSmoother(sample, similarity, computation: computation).predict(at: queries)
  /// }
  /// ```
  ///
  /// - Parameter work: is given this computation, whose ``isCancelled`` answers true once the task is cancelled.
  ///   It makes an estimator with it, sets it as an estimator's, or chooses bandwidths under it.
  /// - Throws: what the work throws; where the task was cancelled, an error whose code is `cancelled`.
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
