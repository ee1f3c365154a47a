/// Orders of a problem's keys that do not depend on the similarity, each made when it is first asked
/// for.
final class KeyOrders: Sendable {
  private let given = Once<KeyColumns>()
  private let spatial = Once<KeyTree>()

  /// The keys in the order in which they were given.
  ///
  /// - Complexity: O(n·(d + p)) the first time.
  func given(_ problem: KernelSumProblem) -> KeyColumns {
    given.value { KeyColumns(problem) }
  }

  /// The keys in spatial order.
  ///
  /// - Complexity: O(n·(d·log n + p)) the first time, on all threads.
  func tree(_ problem: KernelSumProblem, execution: Execution) -> KeyTree {
    spatial.value { KeyTree(problem, execution: execution) }
  }
}
