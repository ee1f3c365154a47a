internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// For each empty column the attention weights that the policy puts in its place; they sum to 1, or are
  /// absent where the policy puts nothing there.
  ///
  /// - Parameters:
  ///   - empty: the queries without support, counted from 0.
  ///   - queries: all queries.
  ///   - excluded: the key that a query leaves out.
  func weightsInEmptyWindows(
    _ empty: [Int], of queries: Points, excluded: (Int) -> Int?
  ) throws(KernelRegressionError) -> [[AttentionWeights.Entry]] {
    guard let first = empty.first else { return [] }
    switch emptyWindow {
    case .notANumber:
      return empty.map { _ in [] }
    case .nearest:
      let points = queries.selecting(empty)
      let omitted = empty.compactMap(excluded)
      return keyWeights.nearestKeys(
        to: points, excluding: omitted.isEmpty ? nil : omitted, execution: execution
      ).enumerated().map { slot, nearest in shared(by: nearest.keys, for: points[slot]) }
    case .mean where isCausal:
      return empty.map { query in
        let time = queries[query].first ?? .nan
        return shared(
          by: keys.indices.filter { key in
            key != excluded(query) && keys[key].first ?? .nan <= time
          })
      }
    case .mean:
      guard excluded(first) != nil else {
        let all = shared(by: keys.indices)
        return empty.map { _ in all }
      }
      return empty.map { query in shared(by: keys.indices.filter { $0 != excluded(query) }) }
    case .fail:
      let place = queries[first].map { "\($0)" }.joined(separator: ", ")
      throw KernelRegressionError(
        .emptyWindow,
        "no key supports query \(first) at \(place), with the \(similarity.kernel.nameInProse) kernel "
          + "and bandwidth \(similarity.bandwidths.map { "\($0)" }.joined(separator: ", "))")
    }
  }

  /// Weights in proportion to the observation weights of some keys and, for a query, to the weights of
  /// their labels.
  private func shared(
    by keys: some Collection<Int>, for query: ArraySlice<Double>? = nil
  ) -> [AttentionWeights.Entry] {
    let weights = keys.map { key in
      let labels = query.map { similarity.labelWeight(query: $0, key: self.keys[key]) } ?? 1
      return labels * (observationWeights?[key] ?? 1)
    }
    let largest = weights.max() ?? 0
    guard largest > 0 else { return [] }
    let total = weights.reduce(0) { $0 + $1 / largest }
    return zip(keys, weights).map {
      AttentionWeights.Entry(key: $0, weight: $1 / largest / total)
    }
  }
}

/// The prediction at a query that no key supports.
///
/// A causal estimator takes nearest keys and means among the keys that are not later; NaN where there are
/// none.
@nonexhaustive public enum EmptyWindowPolicy: String, Sendable, CaseIterable {
  /// NaN: nothing is known there.
  case notANumber = "nan"
  /// The value of the nearest key in bandwidths; keys that tie share. Distances use the continuous
  /// inputs, among the keys whose labels have weight for the query; NaN where none have.
  case nearest
  /// The mean of all values.
  case mean
  /// The prediction as a whole fails.
  case fail
}
