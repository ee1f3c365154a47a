import Nadaraya
import Wording

extension LearningReport {
  /// The report as text, one fact on each line.
  func text(of model: LearnedModel) -> String {
    // Where nothing was learned there is one number, and no difference.
    let isLearned = model.similarity.form != .bandwidth
    let single = "with \(isLearned ? "the best" : "the") single bandwidth"
    var lines = [
      testCount + stoppingCount == 0
        ? "rows: \(trainingCount), all for learning"
        : "rows: \(trainingCount) for learning, \(stoppingCount) for stopping, \(testCount) for testing"
          + (splitErrors.count > 1 ? ", in each of \(splitErrors.count) splits" : ""),
      "similarity: \(model.words)",
      "leave-one-out error: \(short(initialLoss)) \(single), "
        + (isLearned ? "\(short(finalLoss)) learned, " : "") + "in variances of the values",
    ]
    if let learned = heldOutError, let unlearned = unlearnedHeldOutError {
      lines.append(
        "held-out error: \(short(unlearned)) \(single)"
          + (isLearned ? ", \(short(learned)) learned" : "")
          + (isLearned
            ? heldOutDifferenceError.map {
              ", standard error of the difference \(short($0, digits: 2))"
            } ?? "" : "") + spread)
    }
    lines.append("conclusion: \(conclusion)")
    if let relevance = model.relevanceWords { lines.append("relevance: \(relevance)") }
    lines.append(
      "ended: \(stopReason.words) after \(counted(iterations, "iteration")), "
        + "\(short(seconds, digits: 2)) s, seed \(seed)")
    return lines.map { $0 + "\n" }.joined()
  }
}

extension LearningReport {
  /// The range over the splits, where there are several.
  private var spread: String {
    guard splitErrors.count > 1, let least = splitErrors.min(), let greatest = splitErrors.max()
    else { return "" }
    return "; single splits range from \(short(least)) to \(short(greatest))"
  }
}

extension LearningReport.StopReason {
  fileprivate var words: String {
    switch self {
    case .converged: "the error stopped falling"
    case .iterationLimit: "it reached the largest number of iterations"
    case .stoppingRows: "the error of held-out rows stopped falling"
    case .interrupted: "it was interrupted and kept the best so far"
    case .nothingToLearn: "there was nothing to learn"
    }
  }
}
