internal import Synchronization

/// Answers no a number of times and yes from then on, and counts how often it is asked, from any thread.
package final class Patience: Sendable {
  private let limit: Int
  private let count = Atomic<Int>(0)

  /// Never answers yes without a limit.
  package init(_ limit: Int = .max) { self.limit = limit }

  /// How often it has been asked.
  package var asked: Int { count.load(ordering: .relaxed) }

  /// Whether it has been asked often enough.
  package func isOver() -> Bool { count.add(1, ordering: .relaxed).oldValue >= limit }
}
