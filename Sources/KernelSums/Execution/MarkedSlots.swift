/// Marks at the places of queries: one for each, so that no thread waits for another.
package final class MarkedSlots: @unchecked Sendable {
  private let marks: UnsafeMutablePointer<Bool>
  private let count: Int

  package init(count: Int) {
    self.count = count
    marks = .allocate(capacity: max(count, 1))
    marks.initialize(repeating: false, count: max(count, 1))
  }

  deinit { marks.deallocate() }

  /// Marks a place, which one thread alone has to do with.
  package func add(_ slot: Int) { marks[slot] = true }

  func add(_ slots: ArraySlice<Int32>) {
    for slot in slots { add(Int(slot)) }
  }

  /// The marked places, ascending.
  package var slots: [Int] { (0..<count).filter { marks[$0] } }
}
