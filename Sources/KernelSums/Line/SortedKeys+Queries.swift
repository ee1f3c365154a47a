internal import SimilarityKernels

/// The state one thread needs to sum over sorted keys.
protocol SortedPass {
  /// Writes the sums of a query to their place.
  ///
  /// - Parameter own: the place of the left-out key among the sorted keys; −1 for none.
  func sum(query: Double, own: Int, into slot: Int)
}

extension SortedKeys {
  /// The sums of a range of queries, taken in ascending order.
  ///
  /// - Parameters:
  ///   - sumCount: the number of sums besides Σw and Σw².
  ///   - pass: makes a thread's state, given where the sums go.
  /// - Complexity: O(m) besides the passes.
  func sums<Pass: SortedPass>(
    at queries: Points, in range: Range<Int>, sumCount: Int, omission: Omission,
    execution: Execution, pass: (UnsafeSums) -> Pass
  ) -> AnchoredSums {
    AnchoredSums(count: range.count, columnCount: sumCount, execution: execution) { results in
      sums(at: queries, in: range, omission: omission, execution: execution) { pass(results) }
    }
  }

  /// Processes a range of queries in ascending order.
  func sums<Pass: SortedPass>(
    at queries: Points, in range: Range<Int>, omission: Omission, execution: Execution,
    pass: () -> Pass
  ) {
    omission.check(queries, in: range, dimension: 1, keyCount: rowCount)
    guard omission == .own else {
      return sums(at: queries, in: range, positions: nil, execution: execution, pass: pass)
    }
    // If most rows are queries, the keys' order is used instead of sorting; it lacks rows with an
    // observation weight of 0.
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
