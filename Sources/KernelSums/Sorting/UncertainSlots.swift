internal import Synchronization

/// The places of sums that threads cannot vouch for.
final class UncertainSlots: Sendable {
  private let found = Mutex<[Int]>([])

  func add(_ slot: Int) { found.withLock { $0.append(slot) } }

  var slots: [Int] { found.withLock { $0 } }
}
