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
        "One bandwidth is all there is to learn in this form, and leave-one-out chose it; there is "
        + "nothing beside it to compare."
    }
    let isLearned = result.similarity.form != .bandwidth
    guard let heldOut = result.heldOut else {
      return isLearned
        ? "No rows were held out: on the rows it learned from, each predicted by the others, the error "
          + "fell from \(shown(result.initialLoss)) to \(shown(result.finalLoss)) of the values' variance."
        : "Learning did not help: no row was held out, and on the rows it learned from one bandwidth is as "
          + "good, so that is the model."
    }
    let splits = result.splitErrors.count
    let count =
      "\(session.rows.test.count) test rows" + (splits > 1 ? " in each of \(splits) splits" : "")
    guard isLearned else {
      return
        "Learning did not help: on "
        + (splits > 1 ? count : "\(session.rows.stopping.count) stopping rows")
        + " nothing learned is "
        + "better than one bandwidth by more than chance, so that is the model; its error on "
        + (splits > 1 ? "them" : count) + " is "
        + "\(shown(heldOut.unlearned)) of the values' variance."
    }
    let difference = (heldOut.learned - heldOut.unlearned).magnitude
    let isCertain = difference > 2 * heldOut.differenceError
    let certainty =
      isCertain
      ? ""
      : ", a difference within what chance does (standard error \(shown(heldOut.differenceError)))"
    return
      "Learning \(helped ? isCertain ? "helped" : "may have helped" : "did not help"): on \(count) the learned similarity errs by "
      + "\(shown(heldOut.learned)) of the values' variance, one bandwidth by "
      + "\(shown(heldOut.unlearned))\(certainty)."
  }

  /// Three digits.
  private static func shown(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    let power = 2 - Int(Double.log10(number.magnitude).rounded(.down))
    let unit = Double.pow(10, power.magnitude > 300 ? 0 : power)
    return "\((number * unit).rounded() / unit)"
  }
}
