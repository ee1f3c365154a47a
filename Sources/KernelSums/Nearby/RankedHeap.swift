/// An item with a score, and a key whose index decides ties: the lower one goes first.
struct Ranked {
  var score: Double
  var key: Int32
  /// The item: a node, or the place of the key.
  var place: Int32

  /// Whether this one goes before another.
  func precedes(_ other: Ranked) -> Bool {
    score > other.score || (score == other.score && key < other.key)
  }
}

/// A binary heap whose top is its first or its last item.
///
/// - Complexity: O(log n) to add and to remove.
///
/// ## Source
/// J. W. J. Williams, Algorithm 232: Heapsort, Communications of the ACM 7 (1964).
struct RankedHeap {
  private(set) var items: [Ranked] = []
  private let givesFirst: Bool

  init(givesFirst: Bool) { self.givesFirst = givesFirst }

  var top: Ranked? { items.first }

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  private func isAbove(_ one: Ranked, _ other: Ranked) -> Bool {
    givesFirst ? one.precedes(other) : other.precedes(one)
  }

  mutating func push(_ item: Ranked) {
    var place = items.count
    items.append(item)
    while place > 0 {
      let parent = (place - 1) / 2
      guard isAbove(item, items[parent]) else { break }
      items[place] = items[parent]
      place = parent
    }
    items[place] = item
  }

  mutating func pop() -> Ranked? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    if !items.isEmpty { sink(last) }
    return top
  }

  /// Replaces the top item by another.
  mutating func replaceTop(by item: Ranked) { sink(item) }

  private mutating func sink(_ item: Ranked) {
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < items.count else { break }
      if child + 1 < items.count, isAbove(items[child + 1], items[child]) { child += 1 }
      guard isAbove(items[child], item) else { break }
      items[place] = items[child]
      place = child
    }
    items[place] = item
  }
}
