internal import RealModule

extension LearningReport {
  /// The report on a session.
  init(_ result: LearningResult, of session: LearningSession) {
    form = session.options.form
    seed = session.options.seed
    trainingCount =
      session.rows.training.count > Learner.batchThreshold
      ? min(session.rows.training.count, Learner.trainingLimit) : session.rows.training.count
    stoppingCount = session.rows.stopping.count
    testCount = session.rows.test.count
    valueVariances = session.variances
    unlearnedBandwidth = result.unlearnedBandwidth
    initialLoss = result.initialLoss
    finalLoss = result.finalLoss
    losses = result.losses
    stoppingErrors = result.stoppingErrors
    heldOutError = result.heldOut?.learned
    unlearnedHeldOutError = result.heldOut?.unlearned
    heldOutDifferenceError = result.heldOut?.differenceError
    splitErrors = result.splitErrors
    stopReason = result.reason
    iterations = result.iterations
    evaluations = result.evaluations
    seconds = result.seconds
    let isLearned = result.similarity.form != .bandwidth
    if let heldOut = result.heldOut {
      learningHelped = isLearned && heldOut.learned < heldOut.unlearned
    } else {
      learningHelped = isLearned && result.finalLoss < result.initialLoss
    }
    conclusion = Self.conclusion(result, session, learningHelped)
  }

  private static func conclusion(
    _ result: LearningResult, _ session: LearningSession, _ helped: Bool
  ) -> String {
    if let obstacle = session.obstacle { return obstacle + ", so there is nothing to learn." }
    if session.options.form == .bandwidth {
      return
        "This form learns only one bandwidth, which leave-one-out chose, so there is nothing to "
        + "compare it with."
    }
    let isLearned = result.similarity.form != .bandwidth
    guard let heldOut = result.heldOut else {
      return isLearned
        ? "No rows were held out: on the training rows, each predicted by the others, the error "
          + "fell from \(shown(result.initialLoss)) to \(shown(result.finalLoss)) of the values' variance."
        : "Learning did not help: no rows were held out, and one bandwidth is as good on the training "
          + "rows, so the model keeps it."
    }
    let splits = result.splitErrors.count
    let count =
      "\(session.rows.test.count) test rows" + (splits > 1 ? " in each of \(splits) splits" : "")
    guard isLearned else {
      return
        "Learning did not help: on "
        + (splits > 1 ? count : "\(session.rows.stopping.count) stopping rows")
        + " no learned similarity "
        + "beats one bandwidth by more than chance, so the model keeps the bandwidth; its error on "
        + (splits > 1 ? "them" : count) + " is "
        + "\(shown(heldOut.unlearned)) of the values' variance."
    }
    let difference = (heldOut.learned - heldOut.unlearned).magnitude
    let isCertain = difference > 2 * heldOut.differenceError
    let certainty =
      isCertain
      ? ""
      : ", a difference that chance can explain (standard error \(shown(heldOut.differenceError)))"
    return
      "Learning \(helped ? isCertain ? "helped" : "may have helped" : "did not help"): on \(count) the error of the learned similarity is "
      + "\(shown(heldOut.learned)) of the values' variance, that of one bandwidth "
      + "\(shown(heldOut.unlearned))\(certainty)."
  }

  /// Shown with three digits.
  private static func shown(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    let power = 2 - Int(Double.log10(number.magnitude).rounded(.down))
    let unit = Double.pow(10, power.magnitude > 300 ? 0 : power)
    return "\((number * unit).rounded() / unit)"
  }
}
