import Nadaraya
import Wording

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
