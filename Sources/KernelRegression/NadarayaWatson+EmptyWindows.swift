internal import KernelSums
internal import SimilarityKernels

extension NadarayaWatson {
  /// The attention weights that the policy puts in place of an empty column; they sum to 1, or
  /// are none under ``EmptyWindowPolicy/notANumber``.
  func weightsInEmptyWindow(
    _ query: Int, of queries: Points, omission: Omission
  ) throws(KernelRegressionError) -> [AttentionWeights.Entry] {
    let excluded = omission == .own ? query : nil
    switch emptyWindowPolicy {
    case .notANumber:
      return []
    case .nearest:
      return shared(
        by: engine.nearestKeys(toQuery: Array(queries[query]), excluding: excluded).keys)
    case .mean:
      return shared(by: keys.indices.filter { $0 != excluded })
    case .fail:
      let place = queries[query].map { "\($0)" }.joined(separator: ", ")
      throw KernelRegressionError(
        .emptyWindow,
        "no key supports query \(query) at \(place), with the \(similarity.kernel.name) kernel "
          + "and bandwidth \(similarity.bandwidths.map { "\($0)" }.joined(separator: ", "))")
    }
  }

  /// Weights in proportion to the observation weights of some keys.
  private func shared(by keys: [Int]) -> [AttentionWeights.Entry] {
    let weights = keys.map { observationWeights?[$0] ?? 1 }
    let largest = weights.max() ?? 0
    guard largest > 0 else { return [] }
    let total = weights.reduce(0) { $0 + $1 / largest }
    return zip(keys, weights).map {
      AttentionWeights.Entry(key: $0, weight: $1 / largest / total)
    }
  }
}
