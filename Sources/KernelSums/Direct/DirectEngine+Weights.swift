package import SimilarityKernels

extension DirectEngine {
  /// The weights of all keys for each query, divided by their sum: `[m, n]`, query after query.
  ///
  /// The n numbers of a query sum to 1, or are all 0 if no key supports it. Callers with many queries
  /// request them block by block.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - range: the queries to compute; all by default.
  ///   - omission: with ``Omission/own`` the queries are the problem's keys in order.
  ///   - execution: how the computation runs.
  /// - Complexity: O(n·m·d) time, O(n·m) memory, for m computed queries.
  package func normalizedWeights(
    at queries: Points, range: Range<Int>? = nil, omission: Omission = .none,
    execution: Execution = Execution()
  ) -> [Double] {
    let range = range ?? queries.indices
    let keyCount = stored.keyCount
    omission.check(
      queries, in: range, dimension: similarity.bandwidths.count, keyCount: keyCount)
    let size = range.count * keyCount
    return [Double](unsafeUninitializedCapacity: size) { results, used in
      execution.prepare(UnsafeMutableBufferPointer(rebasing: results[..<size]))
      forEachQuery(of: queries, in: range, execution: execution) { index, query, pass in
        let first = (index - range.lowerBound) * keyCount
        let row = UnsafeMutableBufferPointer(rebasing: results[first..<first + keyCount])
        row.initialize(repeating: 0)
        weights(
          query: query, excluding: omission == .own ? index : nil, over: pass.everyKey, pass: pass,
          into: row)
      }
      used = size
    }
  }

  /// Writes the weights of the keys of some runs, divided by their sum, each to its key's place; zeros
  /// if no key supports the query.
  func weights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, over runs: [Range<Int>],
    pass: TilePass, into row: UnsafeMutableBufferPointer<Double>
  ) {
    var sum = 0.0
    pass.forEachTile(in: runs) { tile, pass in
      pass.weigh(query: query, tile: tile, excluding: excluded)
      for index in 0..<tile.count {
        row[tile.lowerBound + index] = pass.weights[index]
        sum += pass.weights[index]
      }
    }
    if needsAnchor(sum) {
      let (_, weights) = anchoredWeights(
        query: query, excluding: excluded, over: runs, depth: Self.greatestDepth, pass: pass)
      for run in runs { for key in run { row[key] = 0 } }
      for weight in weights { row[weight.key] = weight.weight }
      sum = weights.reduce(0) { $0 + $1.weight }
    }
    // A closure may have returned NaN.
    let supported = sum > 0
    for run in runs { for key in run { row[key] = supported ? row[key] / sum : 0 } }
  }
}
