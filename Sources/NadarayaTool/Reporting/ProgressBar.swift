import Nadaraya
import Synchronization
import Wording

/// A bar on the terminal for work that takes longer than a second; silent anywhere else.
final class ProgressBar: Sendable {
  private let label: String
  private let line = StatusLine()

  private static let width = 30

  init(_ label: String) { self.label = label }

  /// What a computation calls with the fraction that is done; nil where there is no terminal.
  var report: (@Sendable (Double) -> Void)? {
    guard StandardError.isTerminal else { return nil }
    return { [self] fraction in line.draw { text(fraction, elapsed: $0 / .seconds(1)) } }
  }

  private func text(_ fraction: Double, elapsed: Double) -> String {
    let filled = Int(fraction * Double(Self.width))
    let bar =
      String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    guard fraction > 0 else { return "\(label) \(bar) 0 %" }
    let seconds = Int(elapsed / fraction - elapsed)
    let left = seconds < 60 ? "\(seconds) s left" : "\(seconds / 60) min \(seconds % 60) s left"
    return "\(label) \(bar) \(Int(fraction * 100)) % \(left)"
  }

  /// Removes the bar.
  func finish() { line.finish() }
}

/// The loss as it falls: one line that is redrawn on a terminal, or a line for each iteration.
final class LearningProgressLine: Sendable {
  private let isVerbose: Bool
  private let line = StatusLine()

  init(isVerbose: Bool) { self.isVerbose = isVerbose }

  func show(_ state: LearningProgress) {
    if isVerbose {
      StandardError.write(text(of: state) + "\n")
    } else {
      line.draw { _ in text(of: state) + " (Ctrl-C keeps the best so far)" }
    }
  }

  private func text(of state: LearningProgress) -> String {
    "iteration \(state.iteration), \(state.form.name): leave-one-out error "
      + short(state.trainingLoss, digits: 6)
      + (state.stoppingError.map { ", held out \(short($0, digits: 6))" } ?? "")
  }

  /// Removes the line.
  func finish() { line.finish() }
}

/// A line that is redrawn on the terminal, for work longer than a second; silent anywhere else.
private final class StatusLine: Sendable {
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
