internal import RealModule
internal import SimilarityKernels

extension KeyTree {
  /// Queries in the order of their leaves, ready to be processed with the tree's keys.
  ///
  /// - Parameters:
  ///   - indices: the queries, in any order.
  ///   - coordinates: the coordinates of all queries, row-major; not copied.
  ///   - omission: with ``Omission/own`` query i is key i.
  ///   - first: the query whose sums come first among the results.
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

extension KeyTree {
  /// For each node, the first of its keys in the given order.
  ///
  /// - Complexity: O(n) the first time.
  var firstKeys: [Int32] {
    firstKeyRoom.value {
      var numbers = [Int32](repeating: .max, count: 2 * leafCount)
      for leaf in 0..<leafCount {
        numbers[leafCount + leaf] = order[starts[leaf]..<starts[leaf + 1]].min() ?? .max
      }
      for node in stride(from: leafCount - 1, to: 0, by: -1) {
        numbers[node] = min(numbers[2 * node], numbers[2 * node + 1])
      }
      return KeyNumbers(numbers)
    }.numbers
  }
}

/// Indices of keys that are computed once.
final class KeyNumbers: Sendable {
  let numbers: [Int32]

  init(_ numbers: [Int32]) { self.numbers = numbers }
}

extension KeyTree {
  /// For each node, ln of the largest ω, and of the largest ω·abs(c) of each column.
  static func largest(
    _ columns: KeyColumns, leafCount: Int, starts: UnsafePointer<Int>
  ) -> AlignedMemory {
    let width = columns.columns.columnCount + 1
    let memory = AlignedMemory(count: 2 * leafCount * width)
    let weights = columns.observationWeights?.column(0)
    for leaf in 0..<leafCount {
      let result = memory.base + (leafCount + leaf) * width
      for index in 0..<width {
        let column = index > 0 ? columns.columns.column(index - 1) : nil
        var largest = 0.0
        for place in starts[leaf]..<starts[leaf + 1] {
          let magnitude = (column?[place].magnitude ?? 1) * (weights?[place] ?? 1)
          largest = magnitude > largest ? magnitude : largest
        }
        result[index] = .log(largest)
      }
    }
    for node in stride(from: leafCount - 1, to: 0, by: -1) {
      for index in 0..<width {
        memory.base[node * width + index] = max(
          memory.base[2 * node * width + index], memory.base[(2 * node + 1) * width + index])
      }
    }
    return memory
  }
}
