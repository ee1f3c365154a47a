import Foundation

/// Gathers progress from several threads.
///
/// Under a lock of the system's, because the thread sanitizer does not see the standard library's
/// `Mutex` and takes what it guards for a race.
final class Reports: @unchecked Sendable {
  private let lock = NSLock()
  private var fractions: [Double] = []

  var all: [Double] { lock.withLock { fractions } }

  func add(_ fraction: Double) { lock.withLock { fractions.append(fraction) } }
}
