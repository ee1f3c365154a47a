internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// The attention weights of queries over all keys.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn, whose own weight is 0.
  ///   - range: the queries to compute, all by default. Compute many in parts: the result is the whole
  ///     matrix.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not
  ///   finite; under ``EmptyWindowPolicy/fail`` also if no key supports it.
  /// - Complexity: O(n·m·d) time on all threads, O(n·m) memory.
  ///
  /// ## Accuracy
  /// A weight is within a relative 1e-12 of the exact one; below 1e-300 it may be 0.
  package func attentionMatrix(
    at queries: Queries, range: Range<Int>? = nil
  ) throws(KernelRegressionError) -> AttentionMatrix {
    let (points, omission) = try resolved(queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.attentionMatrix(
        at: points, range: range ?? points.indices, omission: omission)
    }
  }

  func attentionMatrix(
    at queries: Points, range: Range<Int>, omission: Omission
  ) throws(KernelRegressionError) -> AttentionMatrix {
    let excluded: (Int) -> Int? = { omission == .own ? $0 : nil }
    var columns = keyWeights.normalizedWeights(
      at: queries, range: range, omission: omission, execution: execution)
    try execution.checkCancellation()
    func column(_ query: Int) -> Range<Int> {
      (query - range.lowerBound) * keys.count..<(query - range.lowerBound + 1) * keys.count
    }
    let empty = range.filter { columns[column($0)].allSatisfy { $0 == 0 } }
    let replacements = try weightsInEmptyWindows(empty, of: queries, excluded: excluded)
    for (query, entries) in zip(empty, replacements) {
      for place in column(query) { columns[place] = entries.isEmpty ? .nan : 0 }
      for entry in entries { columns[column(query).lowerBound + entry.key] = entry.weight }
    }
    return AttentionMatrix(
      keyCount: keys.count, queryCount: range.count,
      emptyWindows: empty.map { $0 - range.lowerBound }, columns: columns)
  }
}
