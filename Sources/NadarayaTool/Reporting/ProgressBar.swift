import Synchronization

/// A bar on the terminal for work that takes longer than a second; silent anywhere else.
final class ProgressBar: Sendable {
  private let label: String
  private let start = ContinuousClock.now
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

  private static let width = 30
  private static let patience = Duration.seconds(1)
  private static let interval = Duration.milliseconds(100)

  init(_ label: String) { self.label = label }

  /// What a computation calls with the fraction that is done; nil where there is no terminal.
  var report: (@Sendable (Double) -> Void)? {
    guard StandardError.isTerminal else { return nil }
    return { [self] fraction in draw(fraction) }
  }

  private func draw(_ fraction: Double) {
    let now = ContinuousClock.now
    guard now - start > Self.patience else { return }
    lastDrawn.withLock { last in
      if let last, now - last < Self.interval { return }
      last = now
      let filled = Int(fraction * Double(Self.width))
      let bar =
        String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
      StandardError.write("\r\(label) \(bar) \(Int(fraction * 100)) % \(remaining(fraction, now)) ")
    }
  }

  private func remaining(_ fraction: Double, _ now: ContinuousClock.Instant) -> String {
    guard fraction > 0 else { return "" }
    let elapsed = (now - start) / .seconds(1)
    let seconds = Int(elapsed / fraction - elapsed)
    return seconds < 60 ? "\(seconds) s left   " : "\(seconds / 60) min \(seconds % 60) s left   "
  }

  /// Removes the bar.
  func finish() {
    lastDrawn.withLock { last in
      if last != nil { StandardError.write("\r\u{1b}[K") }
      last = nil
    }
  }
}
