import Synchronization

/// Gathers progress from several threads.
final class Reports: Sendable {
  private let fractions = Mutex<[Double]>([])

  var all: [Double] { fractions.withLock { $0 } }

  func add(_ fraction: Double) { fractions.withLock { $0.append(fraction) } }
}
