internal import Synchronization

/// Orders of a problem's keys that do not depend on the similarity, each made when it is first asked
/// for.
final class KeyOrders: Sendable {
  private let sortedKeys = Mutex<SortedKeys?>(nil)

  /// The keys of one input in order.
  ///
  /// - Parameter problem: one of those that share these orders.
  func sortedKeys(of problem: KernelSumProblem, execution: Execution) -> SortedKeys {
    sortedKeys.withLock { sortedKeys in
      if let sortedKeys { return sortedKeys }
      let made = SortedKeys(problem, execution: execution)
      sortedKeys = made
      return made
    }
  }
}
