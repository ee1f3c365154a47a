import Synchronization

/// A line that is redrawn on the terminal, for work longer than a second; silent anywhere else.
final class StatusLine: Sendable {
  private let start = ContinuousClock.now
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

  private static let patience = Duration.seconds(1)
  private static let interval = Duration.milliseconds(100)

  /// Draws a line, ten times a second at most.
  ///
  /// - Parameter text: what it says, given how long the work has taken.
  func draw(_ text: (_ elapsed: Duration) -> String) {
    guard StandardError.isTerminal else { return }
    let now = ContinuousClock.now
    guard now - start > Self.patience else { return }
    lastDrawn.withLock { last in
      if let last, now - last < Self.interval { return }
      last = now
      StandardError.write("\r\u{1b}[K\(text(now - start))")
    }
  }

  /// Removes the line.
  func finish() {
    lastDrawn.withLock { last in
      if last != nil { StandardError.write("\r\u{1b}[K") }
      last = nil
    }
  }
}
