package import SimilarityKernels

extension KernelSumProblem {
  /// The nearest keys of each query, among those with an observation weight above 0.
  ///
  /// Where there are labels, distances are those of the continuous inputs, and only keys count whose
  /// labels have a weight for the query.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - excluded: for each query a key that does not count; nil where all do.
  ///   - execution: how the computation runs.
  /// - Complexity: O(n·d·log n) the first time, then O(log n) for each query, on all threads.
  package func nearestKeys(
    to queries: Points, excluding excluded: [Int]? = nil, execution: Execution = Execution()
  ) -> [NearestKeys] {
    guard similarity.labels.isEmpty else {
      return nearestKeysUnderLabels(to: queries, excluding: excluded, execution: execution)
    }
    // A tree is not worth its making for a few pairs.
    guard queries.count * keys.count > 1 << 20 else {
      return DirectEngine(self).nearestKeys(
        to: queries, excluding: excluded, execution: execution)
    }
    return NearbyDirect(self).nearestKeys(to: queries, excluding: excluded, execution: execution)
  }
}
