public import SimilarityKernels

extension DirectEngine {
  /// The weights of all keys for each query, over their sum: `[m, n]`, query after query.
  ///
  /// The n numbers of a query sum to 1, or are all 0 where no key supports it. Callers with many
  /// queries ask for them block by block.
  ///
  /// - Complexity: O(n·m·d) time, O(n·m) memory.
  public func normalizedWeights(
    at queries: Points, omission: Omission = .none, firstQuery: Int = 0,
    execution: Execution = Execution()
  ) -> [Double] {
    precondition(queries.dimension == keys.columnCount, "queries and keys differ in inputs")
    let size = queries.count * keyCount
    return [Double](unsafeUninitializedCapacity: size) { results, used in
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachBlock(
          of: queries.count, atMost: Self.blockLength,
          scratch: { TilePass(self, instructions: execution.instructions) }
        ) { block, pass in
          for query in block {
            weights(
              query: coordinates.row(query, keys.columnCount),
              excluding: omission == .own ? firstQuery + query : nil, pass: pass,
              into: UnsafeMutableBufferPointer(
                rebasing: results[query * keyCount..<(query + 1) * keyCount]))
          }
        }
      }
      used = size
    }
  }

  private func weights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, pass: TilePass,
    into row: UnsafeMutableBufferPointer<Double>
  ) {
    var sum = 0.0
    pass.forEachTile { tile, pass in
      pass.weigh(query: query, tile: tile, excluding: excluded)
      for index in 0..<tile.count {
        row.initializeElement(at: tile.lowerBound + index, to: pass.weights[index])
        sum += pass.weights[index]
      }
    }
    if needsAnchor(sum) {
      let (_, weights) = anchoredWeights(
        query: query, excluding: excluded, depth: 745, pass: pass)
      row.update(repeating: 0)
      for weight in weights { row[weight.key] = weight.weight }
      sum = weights.reduce(0) { $0 + $1.weight }
    }
    guard sum > 0 else { return }
    for index in row.indices { row[index] /= sum }
  }
}
