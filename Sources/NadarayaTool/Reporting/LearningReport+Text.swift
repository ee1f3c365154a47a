import Nadaraya

extension LearningReport {
  /// The report for people, a fact a line.
  func text(of model: LearnedModel) -> String {
    var lines = [
      testCount + stoppingCount == 0
        ? "rows: \(trainingCount), all of them learned from"
        : "rows: \(trainingCount) learned from, \(stoppingCount) to stop by, \(testCount) to judge by",
      "similarity: \(model.words)",
      "leave-one-out error: \(short(initialLoss)) with the best single bandwidth, "
        + "\(short(finalLoss)) learned, in variances of the values",
    ]
    if let learned = heldOutError, let unlearned = unlearnedHeldOutError {
      lines.append(
        "held-out error: \(short(unlearned)) with the best single bandwidth, \(short(learned)) learned"
          + (heldOutDifferenceError.map {
            ", standard error of the difference \(short($0, digits: 2))"
          }
            ?? ""))
    }
    lines.append("conclusion: \(conclusion)")
    if learningHelped, model.similarity.form.name != form.name {
      lines.append(
        "form: \(model.similarity.form.name), because \(form.name) were no better on the stopping rows"
      )
    }
    if let relevance = model.relevanceWords { lines.append("relevance: \(relevance)") }
    lines.append(
      "ended: \(stopReason.words) after \(counted(iterations, "iteration")), "
        + "\(short(seconds, digits: 2)) s, seed \(seed)")
    return lines.map { $0 + "\n" }.joined()
  }
}

extension LearningReport.StopReason {
  fileprivate var words: String {
    switch self {
    case .converged: "the error fell no further"
    case .iterationLimit: "it came to the largest number of iterations"
    case .stoppingRows: "the error of held-out rows fell no further"
    case .interrupted: "it was interrupted and kept the best so far"
    case .nothingToLearn: "there was nothing to learn"
    }
  }
}
