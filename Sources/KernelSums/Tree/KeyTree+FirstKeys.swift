extension KeyTree {
  /// For each node the first of its keys in the order given.
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

/// Numbers of keys that are made once.
final class KeyNumbers: Sendable {
  let numbers: [Int32]

  init(_ numbers: [Int32]) { self.numbers = numbers }
}
