internal import KernelSums
public import SimilarityKernels

extension NadarayaWatson {
  /// The attention weights of queries over all keys.
  ///
  /// - Parameter queries: shape `[m, d]`, in the units of the keys; finite. Ask for many queries
  ///   in parts: the result is the whole matrix.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not
  ///   finite; under ``EmptyWindowPolicy/fail`` also if no key supports it.
  /// - Complexity: O(n·m·d) time on all threads, O(n·m) memory.
  public func attentionWeights(
    at queries: Points
  ) throws(KernelRegressionError) -> AttentionWeights {
    try validate(queries: queries)
    return try attentionWeights(at: queries, omission: .none)
  }

  /// The attention weights of each key over all others; its own weight is 0.
  ///
  /// - Parameter range: the keys that are asked about; all by default.
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if a key is supported by
  ///   no other.
  /// - Complexity: O(n·m·d) time for m keys asked about, O(n·m) memory.
  public func leaveOneOutAttentionWeights(
    ofKeys range: Range<Int>? = nil
  ) throws(KernelRegressionError) -> AttentionWeights {
    let range = range ?? keys.indices
    return try attentionWeights(at: keys[range], omission: .own, firstQuery: range.lowerBound)
  }

  private func attentionWeights(
    at queries: Points, omission: Omission, firstQuery: Int = 0
  ) throws(KernelRegressionError) -> AttentionWeights {
    var columns = engine.normalizedWeights(
      at: queries, omission: omission, firstQuery: firstQuery, execution: execution)
    var empty: [Int] = []
    for query in 0..<queries.count {
      let column = query * keys.count..<(query + 1) * keys.count
      guard columns[column].allSatisfy({ $0 == 0 }) else { continue }
      empty.append(query)
      let weights = try weightsInEmptyWindow(
        query + firstQuery, of: omission == .own ? keys : queries, omission: omission)
      for place in column { columns[place] = weights.isEmpty ? .nan : 0 }
      for entry in weights { columns[column.lowerBound + entry.key] = entry.weight }
    }
    return AttentionWeights(
      keyCount: keys.count, queryCount: queries.count, emptyWindows: empty, columns: columns)
  }
}
