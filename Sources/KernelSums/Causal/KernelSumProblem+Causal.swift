internal import SimilarityKernels

extension KernelSumProblem {
  /// The times of the keys that have an observation weight, ascending.
  ///
  /// - Complexity: O(n log n) the first time.
  package var timesOfWeightedKeys: [Double] { orders.times(self).times }

  /// Whether a key with an observation weight counts for a query, whatever the bandwidths; in a causal
  /// problem only those that are not later.
  ///
  /// - Parameter excluded: a key that does not count.
  /// - Complexity: O(log n).
  package func hasAnyKey(for query: ArraySlice<Double>, excluding excluded: Int? = nil) -> Bool {
    let times = timesOfWeightedKeys
    let count =
      isCausal ? times.partitioningIndex { $0 > query[query.startIndex] } : times.count
    let isCounted = excluded.map { observationWeights?[$0] ?? 1 > 0 } ?? false
    return count > (isCounted ? 1 : 0)
  }
}

/// The times of keys, ascending.
final class SortedTimes: Sendable {
  let times: [Double]

  init(_ problem: KernelSumProblem) {
    times = problem.keys.indices
      .filter { problem.observationWeights?[$0] ?? 1 > 0 }
      .map { problem.keys.coordinates[$0 * problem.keys.dimension] }.sorted()
  }
}
