internal import KernelSums

/// Rows in the order in which they were added; removed rows are skipped.
struct AgeQueue: Sendable {
  private var names: [MovingKeys.Name] = []
  private var head = 0

  var heldCount: Int { names.count - head }

  mutating func append(_ name: MovingKeys.Name) { names.append(name) }

  /// Takes out the first row, which may have been removed.
  mutating func popFirst() -> MovingKeys.Name? {
    guard head < names.count else { return nil }
    let name = names[head]
    head += 1
    if 2 * head > names.count + 64 {
      names.removeFirst(head)
      head = 0
    }
    return name
  }

  /// Forgets removed rows once they outnumber the others.
  ///
  /// - Complexity: amortised O(1) for each change.
  mutating func compact(keeping isThere: (MovingKeys.Name) -> Bool, count: Int) {
    guard names.count - head > 2 * count + 64 else { return }
    names = names[head...].filter(isThere)
    head = 0
  }
}

/// Rows by time, the earliest first: a binary heap.
struct TimeHeap: Sendable {
  private var entries: [(time: Double, name: MovingKeys.Name)] = []

  var first: (time: Double, name: MovingKeys.Name)? { entries.first }

  var heldCount: Int { entries.count }

  mutating func push(_ name: MovingKeys.Name, at time: Double) {
    entries.append((time, name))
    var child = entries.count - 1
    while child > 0, entries[child].time < entries[(child - 1) / 2].time {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() {
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    sink(0)
  }

  /// Forgets removed rows once they outnumber the others.
  ///
  /// - Complexity: amortised O(1) for each change.
  mutating func compact(keeping isThere: (MovingKeys.Name) -> Bool, count: Int) {
    guard entries.count > 2 * count + 64 else { return }
    entries = entries.filter { isThere($0.name) }
    for parent in (0..<entries.count / 2).reversed() { sink(parent) }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while 2 * parent + 1 < entries.count {
      var child = 2 * parent + 1
      if child + 1 < entries.count, entries[child + 1].time < entries[child].time { child += 1 }
      guard entries[child].time < entries[parent].time else { return }
      entries.swapAt(child, parent)
      parent = child
    }
  }
}
