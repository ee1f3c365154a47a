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
  /// - Parameters:
  ///   - sumCount: how many sums there are beside Σw and Σw².
  ///   - pass: makes what a thread needs; the sums go to where it is told.
  /// - Complexity: O(m) beside the passes.
  func sums<Pass: SortedPass>(
    at queries: Points, in range: Range<Int>, sumCount: Int, omission: Omission,
    execution: Execution, pass: (UnsafeSums) -> Pass
  ) -> AnchoredSums {
    AnchoredSums(count: range.count, columnCount: sumCount, execution: execution) { results in
      sums(at: queries, in: range, omission: omission, execution: execution) { pass(results) }
    }
  }

  /// Passes over a range of queries in ascending order.
  func sums<Pass: SortedPass>(
    at queries: Points, in range: Range<Int>, omission: Omission, execution: Execution,
    pass: () -> Pass
  ) {
    omission.check(queries, in: range, dimension: 1, keyCount: rowCount)
    guard omission == .own else {
      return sums(at: queries, in: range, positions: nil, execution: execution, pass: pass)
    }
    // Where most rows are asked about, they need no order of their own; those with an observation
    // weight of 0 are in none.
    guard 4 * range.count >= rowCount, count == rowCount else {
      return sums(at: queries, in: range, positions: positions, execution: execution, pass: pass)
    }
    execution.forEachBlock(of: count, atMost: 1 << 12, scratch: pass) { block, pass in
      for position in block {
        let row = row(position)
        guard range.contains(row) else { continue }
        pass.sum(query: keys[position], own: position, into: row - range.lowerBound)
      }
    }
  }

  private func sums<Pass: SortedPass>(
    at queries: Points, in range: Range<Int>, positions: [Int32]?, execution: Execution,
    pass: () -> Pass
  ) {
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachOrderedQuery(coordinates, in: range, scratch: pass) { query, slot, pass in
        pass.sum(
          query: query, own: positions.map { Int($0[range.lowerBound + slot]) } ?? -1, into: slot)
      }
    }
  }
}
