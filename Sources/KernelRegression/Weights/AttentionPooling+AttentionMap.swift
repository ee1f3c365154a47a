internal import KernelSums
internal import SimilarityKernels

extension AttentionPooling {
  /// The attention of queries over all keys in a limited number of cells, pair by pair.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - rows: the largest number of bins of keys, at least 1.
  ///   - columns: the largest number of bins of queries, at least 1.
  /// - Complexity: that of all attention weights; O(n + m + R·C) memory.
  public func attentionMap(
    at queries: Queries, rows: Int, columns: Int
  ) throws(KernelRegressionError) -> AttentionMap {
    let points = queries.resolved(for: sample.keys).points
    var cells = MapCells(
      AttentionBins(
        keys: sample.keys.column(0), queries: points.column(0), rows: rows, columns: columns,
        execution: Execution()))
    for block in blocks(of: points.count) {
      cells.add(try weights(at: queries, range: block, listing: .all), of: block)
    }
    return cells.map
  }

  /// Runs of queries whose rows are in memory together.
  private func blocks(of queryCount: Int) -> [Range<Int>] {
    let step = max(1, (1 << 22) / max(1, sample.keys.count))
    return stride(from: 0, to: queryCount, by: step).map { $0..<min($0 + step, queryCount) }
  }
}

extension MapCells {
  /// Adds whole rows of attention.
  fileprivate mutating func add(_ attention: AttentionWeights, of block: Range<Int>) {
    emptyWindows += attention.emptyWindows.map { $0 + block.lowerBound }
    for (row, query) in block.enumerated() {
      let entries = attention.starts[row]..<attention.starts[row + 1]
      guard let first = entries.first, !attention.weights[first].isNaN else { continue }
      addQuery(query)
      for entry in entries where attention.weights[entry] > 0 {
        add(attention.weights[entry], key: attention.keys[entry], query: query)
      }
    }
  }
}
