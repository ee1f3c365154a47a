internal import SimilarityKernels
internal import _CKernelSums

/// The state one thread needs to sum over sorted keys.
protocol SortedPass {
  /// Writes the sums of a query to their place.
  ///
  /// - Parameter own: the place of the left-out key among the sorted keys; −1 for none.
  func sum(query: Double, own: Int, into slot: Int)

  /// Writes the sums of some queries to their places.
  func sum(_ group: QueryGroup)

  /// A number that queries have in common which may be summed together.
  ///
  /// It depends on the query alone, so that the sums do not depend on what else is asked.
  func cell(of query: Double) -> Int
}

extension SortedPass {
  func cell(of query: Double) -> Int { 0 }

  func sum(_ group: QueryGroup) {
    for index in 0..<group.count {
      sum(query: group.queries[index], own: group.own[index], into: group.slots[index])
    }
  }
}

/// Some queries of one cell that follow each other in ascending order: as many as the loops have lanes, or fewer.
final class QueryGroup {
  private(set) var count = 0
  private(set) var cell = 0
  let queries: UnsafeMutablePointer<Double>

  /// The places of the keys to leave out among the sorted keys; −1 for none.
  let own: UnsafeMutablePointer<Int>

  /// Where the sums go.
  let slots: UnsafeMutablePointer<Int>

  private static var capacity: Int { Int(NADARAYA_PADDING) }

  init() {
    queries = .allocate(capacity: Self.capacity)
    own = .allocate(capacity: Self.capacity)
    slots = .allocate(capacity: Self.capacity)
  }

  deinit {
    queries.deallocate()
    own.deallocate()
    slots.deallocate()
  }

  /// Adds a query, after summing the others if it has no place among them.
  @inline(__always)
  func add(_ query: Double, own position: Int, into slot: Int, _ pass: some SortedPass) {
    let next = pass.cell(of: query)
    if next != cell || count == Self.capacity { finish(pass) }
    cell = next
    (queries[count], own[count], slots[count]) = (query, position, slot)
    count += 1
  }

  /// Sums the queries that are left.
  func finish(_ pass: some SortedPass) {
    if count > 0 { pass.sum(self) }
    count = 0
  }
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
    func scratch() -> (Pass, QueryGroup) { (pass(), QueryGroup()) }
    execution.forEachBlock(of: count, atMost: 1 << 12, scratch: scratch) { block, scratch in
      let (pass, group) = scratch
      for position in block {
        let row = row(position)
        guard range.contains(row) else { continue }
        group.add(keys[position], own: position, into: row - range.lowerBound, pass)
      }
      group.finish(pass)
    }
  }

  private func sums<Pass: SortedPass>(
    at queries: Points, in range: Range<Int>, positions: [Int32]?, execution: Execution,
    pass: () -> Pass
  ) {
    queries.coordinates.withUnsafeBufferPointer { coordinates in
      execution.forEachOrderedQuery(coordinates, in: range) {
        (pass(), QueryGroup())
      } body: { query, slot, scratch in
        scratch.1.add(
          query, own: positions.map { Int($0[range.lowerBound + slot]) } ?? -1, into: slot,
          scratch.0)
      } finish: {
        $0.1.finish($0.0)
      }
    }
  }
}
