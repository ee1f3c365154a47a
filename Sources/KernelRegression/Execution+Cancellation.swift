package import KernelSums

extension Execution {
  /// Throws if the operation was cancelled.
  package func checkCancellation() throws(KernelRegressionError) {
    if isStopped {
      throw KernelRegressionError(.cancelled, "the work was cancelled before it finished")
    }
  }

  /// The result of an operation that is cancelled as a whole: once one part is cancelled, this throws the
  /// cancellation error, whatever the parts return or throw.
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

/// A type that computes under an `Execution`.
package protocol Executing {
  /// How the computation runs.
  var execution: Execution { get set }
}

extension Executing {
  /// The result of an operation that is cancelled as a whole.
  ///
  /// - Parameter operation: gets the same estimator, under an execution that stays cancelled.
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
