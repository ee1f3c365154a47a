internal import KernelRegression
internal import KernelSums
internal import RealModule

/// The result of learning.
struct LearningResult {
  var similarity: LearnedSimilarity
  var unlearnedBandwidth = 1.0
  var initialLoss = 0.0
  var finalLoss = 0.0
  var losses: [Double] = []
  var stoppingErrors: [Double] = []
  var heldOut: (learned: Double, unlearned: Double, differenceError: Double)?
  var splitErrors: [Double] = []
  var reason = LearningReport.StopReason.nothingToLearn
  var iterations = 0
  var evaluations = 0
  var seconds = 0.0
}

/// The result of one split, with the errors of the rows that did not train.
struct LearningAttempt {
  let session: LearningSession
  var learner: Learner
  let stoppingErrors: (learned: HeldOutErrors, unlearned: HeldOutErrors)?
  let testErrors: (learned: HeldOutErrors, unlearned: HeldOutErrors)?
}

extension LearningSession {
  /// Learns from the training rows.
  ///
  /// - Parameter spent: the effort of earlier splits.
  func attempt(
    after spent: Learner.Effort = Learner.Effort()
  ) throws(KernelRegressionError) -> LearningAttempt {
    let single = Parametrization(.bandwidth, of: expansion)
    let many = sample(Learner.trainingLimit, of: training)
    let few = isSampled ? sample(Learner.sampleLength, of: many) : many
    let whole = many.loss(single, options.execution)
    let judges = isLarge ? stopping?.prefix(Self.judgeLimit) : stopping
    var learner = try Learner(
      options, expansion: expansion, training: few.loss(single, options.execution),
      stopping: judges, after: spent)
    learner.learn()
    if isLarge {
      try learner.refine(on: whole)
    } else if isSampled {
      try learner.complete(on: whole)
    }
    let (best, unlearned) = (learner.best, learner.unlearned)
    func both(_ table: LearningTable) -> (learned: HeldOutErrors, unlearned: HeldOutErrors) {
      (errors(of: table, best, whole), errors(of: table, unlearned, whole))
    }
    return LearningAttempt(
      session: self, learner: learner, stoppingErrors: judges.map(both),
      testErrors: test.map(both))
  }

  /// The model of an attempt, already judged by the rows that did not train, finished on all rows.
  ///
  /// - Parameter spent: the effort of all splits.
  func finish(
    _ attempt: LearningAttempt, _ judgement: CrossValidation, after spent: Learner.Effort
  ) throws(KernelRegressionError) -> LearningResult {
    var learner = attempt.learner
    learner.effort = spent
    let unlearned = learner.unlearned
    let isLearned = learner.best.form != .bandwidth && judgement.isConvincing
    var chosen = isLearned ? learner.best : unlearned
    var result = LearningResult(
      similarity: try LearnedSimilarity(chosen, expansion: expansion),
      unlearnedBandwidth: 1 / unlearned.parameters[0], initialLoss: unlearned.loss,
      finalLoss: chosen.loss, losses: learner.losses, stoppingErrors: learner.stoppingErrors,
      heldOut: judgement.heldOut(isLearned: isLearned),
      splitErrors: judgement.splits.map { isLearned ? $0.learned : $0.unlearned },
      reason: learner.reason)
    if !isLarge && !learner.isInterrupted && stopping != nil {
      let all = everything.loss(Parametrization(.bandwidth, of: expansion), options.execution)
      if chosen.form == .bandwidth {
        let least = try all.leastBandwidth(tolerance: 1e-7)
        chosen = Candidate(
          form: .bandwidth, parameters: [1 / least.bandwidth], loss: least.value,
          stoppingError: nil)
      } else if learner.isAtItsBest {
        chosen = learner.polished(on: all)
      }
      result.similarity = try LearnedSimilarity(chosen, expansion: expansion)
    }
    if learner.isInterrupted { result.reason = .interrupted }
    result.iterations = learner.effort.iterations
    result.evaluations = learner.effort.evaluations
    return result
  }

  /// The result when nothing can be learned.
  func unlearnable() throws(KernelRegressionError) -> LearningResult {
    let none = Candidate(form: .bandwidth, parameters: [1], loss: 0, stoppingError: nil)
    var result = LearningResult(similarity: try LearnedSimilarity(none, expansion: expansion))
    // If no value varies, there is no error. If no input varies, all bandwidths have the same error.
    if training.values.isEmpty { return result }
    let whole = sample(Learner.trainingLimit, of: training)
      .loss(Parametrization(.bandwidth, of: expansion), options.execution)
    result.initialLoss = whole.value(at: none.parameters)
    result.finalLoss = result.initialLoss
    result.heldOut = test.map {
      let error = errors(of: $0, none, whole).mean
      return (error, error, 0)
    }
    return result
  }

  /// Whether to learn from batches.
  var isLarge: Bool { rows.training.count > Learner.batchThreshold }

  /// Whether a sample is learned from first.
  private var isSampled: Bool {
    isLarge || options.form != .bandwidth && rows.training.count > Learner.sampleThreshold
  }

  /// In a large table, this many rows decide when to stop.
  private static var judgeLimit: Int { 5000 }

  private func errors(
    of table: LearningTable, _ candidate: Candidate, _ whole: PoolingLoss
  ) -> HeldOutErrors {
    table.errors(
      under: whole.of(Parametrization(candidate.form, of: expansion)), at: candidate.parameters)
  }
}
