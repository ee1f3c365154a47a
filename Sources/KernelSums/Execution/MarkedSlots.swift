/// A mark for each query, so that no thread waits for another.
package final class MarkedSlots: @unchecked Sendable {
  private let marks: UnsafeMutablePointer<Bool>
  private let count: Int

  package init(count: Int) {
    self.count = count
    marks = .allocate(capacity: max(count, 1))
    marks.initialize(repeating: false, count: max(count, 1))
  }

  deinit { marks.deallocate() }

  /// Marks a place; only one thread may access each place.
  package func add(_ slot: Int) { marks[slot] = true }

  func add(_ slots: ArraySlice<Int32>) {
    for slot in slots { add(Int(slot)) }
  }

  /// The marked places, ascending.
  package var slots: [Int] { (0..<count).filter { marks[$0] } }

  /// The places that are not marked, ascending.
  package var others: [Int] { (0..<count).filter { !marks[$0] } }
}
