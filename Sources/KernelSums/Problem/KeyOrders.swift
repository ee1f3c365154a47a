internal import Synchronization

/// Everything that can be prepared from a problem's keys without the similarity; each part is made on
/// first use.
final class KeyOrders: Sendable {
  private let ranges = Once<KeyRanges>()
  private let scaledWeights = Once<ScaledWeights>()
  private let given = Once<KeyColumns>()
  private let sorted = Once<SortedKeys>()
  private let spatial = Once<KeyTree>()
  private let sortedTimes = Once<SortedTimes>()
  private let blocks = Once<CausalBlocks>()
  private let partitions = Mutex<[[LabelRole]: LabelPartition]>([:])

  /// The range of each input and the size of each column.
  ///
  /// - Complexity: O(n·(d + p)) the first time, on all threads.
  func ranges(_ problem: KernelSumProblem, execution: Execution) -> KeyRanges {
    ranges.value { KeyRanges(problem, execution: execution.silent) }
  }

  /// The observation weights divided by a power of two.
  ///
  /// - Complexity: O(n) the first time.
  func weights(_ problem: KernelSumProblem) -> ScaledWeights {
    scaledWeights.value { ScaledWeights(problem) }
  }

  /// The keys in the order in which they were given.
  ///
  /// - Complexity: O(n·(d + p)) the first time.
  func given(_ problem: KernelSumProblem) -> KeyColumns {
    given.value { KeyColumns(problem) }
  }

  /// The keys of one input in ascending order.
  ///
  /// - Complexity: O(n·(log n + p)) the first time, on all threads.
  func sortedKeys(of problem: KernelSumProblem, execution: Execution) -> SortedKeys {
    sorted.value { SortedKeys(problem, execution: execution.silent) }
  }

  /// Whether the keys of one input have been sorted.
  var areSorted: Bool { sorted.isMade }

  /// The keys in spatial order.
  ///
  /// - Complexity: O(n·(d·log n + p)) the first time, on all threads.
  func tree(_ problem: KernelSumProblem, execution: Execution) -> KeyTree {
    spatial.value { KeyTree(problem, execution: execution.silent) }
  }

  /// The keys in blocks of time.
  ///
  /// - Complexity: O(n·(d + p)·log n) the first time.
  func blocksOfTime(_ problem: KernelSumProblem, execution: Execution) -> CausalBlocks {
    blocks.value { CausalBlocks(problem, execution: execution.silent) }
  }

  /// The times of the keys with a nonzero observation weight.
  ///
  /// - Complexity: O(n log n) the first time.
  func times(_ problem: KernelSumProblem) -> SortedTimes {
    sortedTimes.value { SortedTimes(problem) }
  }

  /// The keys grouped by their labels.
  ///
  /// - Complexity: O(n·(d + p)) the first time for each choice of roles.
  func partition(of problem: KernelSumProblem, _ roles: [LabelRole]) -> LabelPartition {
    partitions.withLock { partitions in
      if let partition = partitions[roles] { return partition }
      let partition = LabelPartition(problem, roles: roles)
      partitions[roles] = partition
      return partition
    }
  }
}
