extension Execution {
  /// Runs `body` for the queries of a range in ascending order, cut into blocks, on all threads.
  ///
  /// Neighbours in order meet the same keys, which then lie in the cache, and find them near those
  /// of the query before. `body` gets the query and its place in the range.
  ///
  /// - Complexity: O(m) beside `body`, and 24 bytes for each of the m queries.
  func forEachOrderedQuery<Scratch>(
    _ queries: UnsafeBufferPointer<Double>, in range: Range<Int>, scratch: () -> Scratch,
    body: (_ query: Double, _ slot: Int, _ scratch: Scratch) -> Void
  ) {
    guard let base = queries.baseAddress, !range.isEmpty else { return }
    let first = base + range.lowerBound
    let room = PatternRoom(capacity: range.count)
    room.sort(first, count: range.count, execution: self)
    let run = room.run
    forEachBlock(of: range.count, atMost: 1 << 12, scratch: scratch) { block, scratch in
      for place in block {
        body(Double(orderedPattern: run.patterns[place]), Int(run.rows[place]), scratch)
      }
    }
  }
}
