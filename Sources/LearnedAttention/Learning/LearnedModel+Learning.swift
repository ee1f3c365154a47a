public import KernelRegression
internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// The outcome of learning.
public struct LearnedOutcome: Sendable {
  /// The model, whose keys are all rows.
  public let model: LearnedModel
  /// How learning went.
  public let report: LearningReport
}

extension LearnedModel {
  /// Learns a similarity from a table: it minimises the leave-one-out error on training rows, stops by
  /// separate rows, and is judged on rows that neither step has used.
  ///
  /// ```
  /// L = Σᵢ ωᵢ Σ_c (v_ic − v̂₋ᵢc)²/var_c / Σω + λ ‖θ − θ₀‖²/‖θ₀‖²
  /// ```
  ///
  /// with v̂₋ᵢ the estimate at key i from all other training rows. Every form begins with the best single
  /// bandwidth and passes through the simpler ones. A learned similarity is kept only if the stopping rows
  /// prefer it to that bandwidth by more than two standard errors of the difference; otherwise the model has
  /// the form ``LearnedSimilarity/Form/bandwidth`` and the report says so. If the stopping rows never
  /// called for an earlier stop, the descent is finished on all rows. All rows are keys of the model.
  ///
  /// The choice of held-out rows depends on their numbers and the seed, not on the order of the rows. One
  /// split of a small table says little, so up to 300 rows are split about 30 times and up to 1,000 rows
  /// ten times. Every row then stops and judges equally often; the judging rows of all splits together
  /// decide what is kept, and the report gives their mean error and the error of each split.
  ///
  /// Tables of more than 8,000 training rows learn from 3,000 of them first. All training rows then continue, up to
  /// 20,000 of them until two iterations in a row gain less than a ten-thousandth of the loss, more of them by
  /// random batches of 512 rows out of at most 100,000, each row pooling all others.
  ///
  /// - Parameters:
  ///   - sample: keys with their values; factors come after the continuous inputs, as level numbers 0, 1,
  ///     2, …. Rows with observation weight 0 are ignored.
  ///   - levelCounts: how many levels each factor has.
  ///   - options: what to learn, and how.
  /// - Returns: the model and its report. The same options and table give the same bits for any number of
  ///   threads.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if a label is not a level number, the rank is
  ///   larger than the number of expanded inputs, or there are fewer than four training rows or two
  ///   held-out rows of either kind.
  /// - Complexity: O(n²·(r + p)) for each iteration, on all threads.
  ///
  /// ## Source
  /// K. Q. Weinberger and G. Tesauro, Metric learning for kernel regression, AISTATS 2007
  /// (proceedings.mlr.press/v2/weinberger07a).
  public static func learn(
    _ sample: Sample, levelCounts: [Int] = [], options: LearningOptions
  ) throws(KernelRegressionError) -> LearnedOutcome {
    try options.computation.execution.finished { execution throws(KernelRegressionError) in
      try learned(sample, levelCounts: levelCounts, options: options, execution: execution)
    }
  }

  /// The same under an execution that stays cancelled, which the model does not keep.
  private static func learned(
    _ sample: Sample, levelCounts: [Int], options: LearningOptions, execution: Execution
  ) throws(KernelRegressionError) -> LearnedOutcome {
    let (keys, values, observationWeights) = (sample.keys, sample.values, sample.weights)
    let start = ContinuousClock.now
    var own = options
    own.computation.execution = execution
    try LearningSession.validate(
      keys: keys, values: values, weights: observationWeights, levelCounts: levelCounts,
      options: own)
    let order = RowOrder(keys: keys, values: values, weights: observationWeights)
    let splits = try LearningRows.splits(order, options: own)
    // Threads take longer to start than so few pairs take to compute.
    if splits[0].training.count <= Self.lonelyRows { own.computation.threads = 1 }
    func session(_ rows: LearningRows) throws(KernelRegressionError) -> LearningSession {
      try LearningSession(
        keys: keys, values: values, weights: observationWeights, levelCounts: levelCounts,
        rows: rows, options: own)
    }
    var (session, result) = try learned(
      splits, session, rowCount: keys.count, observationWeights.map(LearningSession.inRange))
    try execution.checkCancellation()
    let model = try LearnedModel(
      result.similarity, sample, computation: options.computation)
    let time = (ContinuousClock.now - start).components
    result.seconds = Double(time.seconds) + 1e-18 * Double(time.attoseconds)
    return LearnedOutcome(model: model, report: LearningReport(result, of: session))
  }

  /// Up to this many rows are learned from on one thread.
  private static var lonelyRows: Int { 256 }

  /// Learns from every split, and finishes the result of the first split that learned anything.
  private static func learned(
    _ splits: [LearningRows],
    _ session: (LearningRows) throws(KernelRegressionError) -> LearningSession, rowCount: Int,
    _ weights: [Double]?
  ) throws(KernelRegressionError) -> (LearningSession, LearningResult) {
    let first = try session(splits[0])
    guard first.obstacle == nil else { return (first, try first.unlearnable()) }
    var judgement = CrossValidation(weights: weights, count: rowCount, splits[0])
    var main: LearningAttempt?
    var effort = Learner.Effort()
    for rows in splits {
      let session = rows == splits[0] ? first : try session(rows)
      // If nothing varies in the training rows, the others have nothing to judge.
      guard session.obstacle == nil else { continue }
      let attempt = try session.attempt(after: effort)
      effort = attempt.learner.effort
      judgement.add(attempt)
      if main == nil || main?.learner.best.form == .bandwidth { main = attempt }
      if attempt.learner.isInterrupted { break }
    }
    guard let main else { return (first, try first.unlearnable()) }
    return (main.session, try main.session.finish(main, judgement, after: effort))
  }
}
