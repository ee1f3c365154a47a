/// The places of sums that threads cannot vouch for: a mark for each place, so that none waits for another.
final class UncertainSlots: @unchecked Sendable {
  private let marks: UnsafeMutablePointer<Bool>
  private let count: Int

  init(count: Int) {
    self.count = count
    marks = .allocate(capacity: max(count, 1))
    marks.initialize(repeating: false, count: max(count, 1))
  }

  deinit { marks.deallocate() }

  /// Marks a place, which one thread alone has to do with.
  func add(_ slot: Int) { marks[slot] = true }

  /// The marked places, ascending.
  var slots: [Int] { (0..<count).filter { marks[$0] } }
}
