internal import SimilarityKernels

/// What one thread needs to sum over sorted keys.
protocol SortedPass {
  /// Writes the sums of a query to their place.
  ///
  /// - Parameter own: the place among the sorted keys of the one left out; −1 for none.
  func sum(query: Double, own: Int, into slot: Int)
}

extension SortedKeys {
  /// The sums of a range of queries, taken in ascending order.
  ///
  /// - Parameter pass: makes what a thread needs; the sums go to where it is told.
  /// - Complexity: O(m) beside the passes.
  func sums<Pass: SortedPass>(
    at queries: Points, in range: Range<Int>, omission: Omission, execution: Execution,
    pass: (UnsafeSums) -> Pass
  ) -> AnchoredSums {
    omission.check(queries, in: range, dimension: 1, keyCount: rowCount)
    let positions = omission == .own ? positions : nil
    return AnchoredSums(count: range.count, columnCount: columnCount) { results in
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachOrderedQuery(coordinates, in: range) {
          pass(results)
        } body: { query, slot, pass in
          pass.sum(
            query: query, own: positions.map { Int($0[range.lowerBound + slot]) } ?? -1, into: slot)
        }
      }
    }
  }
}
