package import KernelSums

extension Execution {
  /// Ends an operation that is to be given up.
  package func checkCancellation() throws(KernelRegressionError) {
    if isStopped {
      throw KernelRegressionError(.cancelled, "the work was cancelled before it finished")
    }
  }

  /// The result of an operation that gives up as a whole: whatever its parts return or throw once one of
  /// them has been given up, the error is that it was cancelled.
  package func finished<Result>(
    _ operation: (Execution) throws(KernelRegressionError) -> Result
  ) throws(KernelRegressionError) -> Result {
    let execution = latched
    try execution.checkCancellation()
    let result: Result
    do throws(KernelRegressionError) {
      result = try operation(execution)
    } catch {
      try execution.checkCancellation()
      throw error
    }
    try execution.checkCancellation()
    return result
  }
}

/// What computes as an `Execution` says.
package protocol Executing {
  /// How the computation runs.
  var execution: Execution { get set }
}

extension Executing {
  /// The result of an operation that gives up as a whole.
  ///
  /// - Parameter operation: gets the same estimator, under an execution that stays given up.
  package func finished<Result>(
    _ operation: (Self) throws(KernelRegressionError) -> Result
  ) throws(KernelRegressionError) -> Result {
    guard execution.isCancelled != nil else { return try operation(self) }
    return try execution.finished { execution throws(KernelRegressionError) in
      var estimator = self
      estimator.execution = execution
      return try operation(estimator)
    }
  }
}

extension KernelSmoother: Executing {}
extension StreamingRegression: Executing {}
extension FloatAttention: Executing {}
extension Attention: Executing {}
