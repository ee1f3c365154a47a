internal import SimilarityKernels

extension KeyTree {
  /// Queries in the order of the leaves in which they lie, ready to pass over the tree's keys.
  ///
  /// - Parameters:
  ///   - indices: the queries, in any order.
  ///   - coordinates: those of all queries, row-major; they stay where they are.
  ///   - omission: with ``Omission/own`` query i is key i.
  ///   - first: the query whose sums stand first among the results.
  /// - Complexity: O(log n) for each query on all threads, and O(leaves).
  func ordered(
    _ indices: some RandomAccessCollection<Int> & Sendable,
    of coordinates: UnsafeBufferPointer<Double>, omission: Omission, first: Int,
    execution: Execution
  ) -> [DirectEngine.BlockQuery] {
    let leaves = [Int32](unsafeUninitializedCapacity: indices.count) { leaves, used in
      let leaves = leaves
      execution.forEachBlock(of: indices.count, atMost: 1 << 12) { block in
        for slot in block {
          let index = indices[indices.index(indices.startIndex, offsetBy: slot)]
          leaves.initializeElement(
            at: slot, to: Int32(leaf(of: coordinates.row(index, dimension)) - leafCount))
        }
      }
      used = indices.count
    }
    // A counting sort: where the queries of each leaf start, then each query to its place.
    var next = [Int](repeating: 0, count: leafCount + 1)
    for leaf in leaves { next[Int(leaf) + 1] += 1 }
    for leaf in 0..<leafCount { next[leaf + 1] += next[leaf] }
    return [DirectEngine.BlockQuery](unsafeUninitializedCapacity: indices.count) {
      queries, used in
      for (leaf, index) in zip(leaves, indices) {
        queries.initializeElement(
          at: next[Int(leaf)],
          to: DirectEngine.BlockQuery(
            coordinates: coordinates.row(index, dimension),
            excluded: omission == .own ? Int(places[index]) : nil, place: index - first))
        next[Int(leaf)] += 1
      }
      used = indices.count
    }
  }
}
