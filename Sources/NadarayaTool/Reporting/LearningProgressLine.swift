import Nadaraya
import Synchronization

/// The loss as it falls: a line that is drawn over on a terminal, a line for each iteration where that is
/// asked for.
final class LearningProgressLine: Sendable {
  private let isVerbose: Bool
  private let start = ContinuousClock.now
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

  private static let patience = Duration.seconds(1)
  private static let interval = Duration.milliseconds(100)

  init(isVerbose: Bool) { self.isVerbose = isVerbose }

  func show(_ state: LearningProgress) {
    if isVerbose {
      StandardError.write(text(of: state) + "\n")
      return
    }
    guard StandardError.isTerminal else { return }
    let now = ContinuousClock.now
    guard now - start > Self.patience else { return }
    lastDrawn.withLock { last in
      if let last, now - last < Self.interval { return }
      last = now
      StandardError.write("\r\u{1b}[K\(text(of: state)) (Ctrl-C keeps the best so far)")
    }
  }

  private func text(of state: LearningProgress) -> String {
    "iteration \(state.iteration), \(state.form.name): leave-one-out error "
      + short(state.trainingLoss, digits: 6)
      + (state.stoppingError.map { ", held out \(short($0, digits: 6))" } ?? "")
  }

  /// Removes the line.
  func finish() {
    lastDrawn.withLock { last in
      if last != nil { StandardError.write("\r\u{1b}[K") }
      last = nil
    }
  }
}
