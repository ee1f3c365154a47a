internal import KernelRegression
internal import KernelSums
internal import RealModule

/// What came of learning.
struct LearningResult {
  var similarity: LearnedSimilarity
  var unlearnedBandwidth = 1.0
  var initialLoss = 0.0
  var finalLoss = 0.0
  var losses: [Double] = []
  var stoppingErrors: [Double] = []
  var heldOut: (learned: Double, unlearned: Double, differenceError: Double)?
  var reason = LearningReport.StopReason.nothingToLearn
  var iterations = 0
  var evaluations = 0
  var seconds = 0.0
}

extension LearningSession {
  /// Learns, judges and finishes on all rows.
  func learn() throws(KernelRegressionError) -> LearningResult {
    guard obstacle == nil else {
      let none = Candidate(form: .bandwidth, parameters: [1], loss: 0, stoppingError: nil)
      var result = LearningResult(similarity: try LearnedSimilarity(none, expansion: expansion))
      // Without a value that changes there is no error. Where no input changes, all widths have the same.
      if training.values.isEmpty { return result }
      let whole = sample(Learner.trainingLimit, of: training)
        .loss(Parametrization(.bandwidth, of: expansion), options.execution)
      result.initialLoss = whole.value(at: none.parameters)
      result.finalLoss = result.initialLoss
      result.heldOut = heldOut(none, beside: none, whole)
      return result
    }
    let single = Parametrization(.bandwidth, of: expansion)
    let isLarge = rows.training.count > Learner.batchThreshold
    let many = sample(Learner.trainingLimit, of: training)
    let few = isLarge ? sample(Learner.sampleLength, of: many) : many
    let whole = many.loss(single, options.execution)
    let judges = isLarge ? stopping.map { sample(5000, of: $0) } : stopping
    var learner = try Learner(
      options, expansion: expansion, training: few.loss(single, options.execution),
      stopping: judges)
    learner.learn()
    if isLarge { try learner.refine(on: whole) }
    let unlearned = learner.unlearned
    var chosen =
      isConvincing(learner.best, beside: unlearned, whole, judges)
      ? learner.best : unlearned
    var result = LearningResult(
      similarity: try LearnedSimilarity(chosen, expansion: expansion),
      unlearnedBandwidth: 1 / unlearned.parameters[0], initialLoss: unlearned.loss,
      finalLoss: chosen.loss, losses: learner.losses, stoppingErrors: learner.stoppingErrors,
      heldOut: heldOut(chosen, beside: unlearned, whole), reason: learner.reason)
    if !isLarge && !learner.isInterrupted && stopping != nil {
      let all = everything.loss(single, options.execution)
      if chosen.form == .bandwidth {
        let least = try all.leastBandwidth(tolerance: 1e-7)
        chosen = Candidate(
          form: .bandwidth, parameters: [1 / least.bandwidth], loss: least.value,
          stoppingError: nil)
      } else if learner.isAtItsBest {
        chosen = learner.polished(chosen, on: all)
      }
      result.similarity = try LearnedSimilarity(chosen, expansion: expansion)
    }
    if learner.isInterrupted { result.reason = .interrupted }
    (result.iterations, result.evaluations) = (learner.iterations, learner.evaluations)
    return result
  }

  /// Whether the stopping rows prefer what was learned by more than two standard errors of the difference,
  /// or by more than one where the loss has fallen by twice what as many numbers fit of noise; without such
  /// rows, whether the loss has fallen.
  ///
  /// Least squares with p numbers takes a share of p/n of noise. The error of few stopping rows is so noisy
  /// that by itself it would refuse most of what is worth learning.
  private func isConvincing(
    _ learned: Candidate, beside unlearned: Candidate, _ whole: PoolingLoss,
    _ judges: LearningTable?
  ) -> Bool {
    guard learned.form != .bandwidth else { return false }
    guard let judges else { return learned.loss < unlearned.loss }
    let (one, other) = (
      errors(of: judges, learned, whole), errors(of: judges, unlearned, whole)
    )
    let noise = Double(learned.parameters.count) / Double(rows.training.count)
    let isSteep = unlearned.loss - learned.loss > Self.greatestShareOfNoise * noise * unlearned.loss
    let errors = other.mean - one.mean
    return errors > (isSteep ? 1 : 2) * one.standardError(ofDifferenceTo: other)
  }

  private static var greatestShareOfNoise: Double { 2 }

  /// The errors of the test rows.
  private func heldOut(
    _ learned: Candidate, beside unlearned: Candidate, _ whole: PoolingLoss
  ) -> (learned: Double, unlearned: Double, differenceError: Double)? {
    guard let test else { return nil }
    let (one, other) = (
      errors(of: test, learned, whole), errors(of: test, unlearned, whole)
    )
    return (one.mean, other.mean, one.standardError(ofDifferenceTo: other))
  }

  private func errors(
    of table: LearningTable, _ candidate: Candidate, _ whole: PoolingLoss
  ) -> HeldOutErrors {
    table.errors(
      under: whole.of(Parametrization(candidate.form, of: expansion)), at: candidate.parameters)
  }
}
