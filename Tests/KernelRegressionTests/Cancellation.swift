import KernelRegression
import KernelSums
import _TestSupport

extension Patience {
  /// An execution that ends when it is over.
  func execution(threads: Int = 2) -> Execution {
    Execution(threads: threads, isCancelled: isOver)
  }
}

/// The code of the error that some work throws; nil where it returns.
func code(_ work: () throws -> Void) -> KernelRegressionError.Code? {
  do { try work() } catch { return (error as? KernelRegressionError)?.code }
  return nil
}

extension [Double] {
  /// Numbers that can be compared though they hold NaN.
  var bits: [UInt64] { map(\.bitPattern) }
}
