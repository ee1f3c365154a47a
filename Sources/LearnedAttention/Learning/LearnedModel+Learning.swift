public import KernelRegression
internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// What learning gave.
public struct LearnedOutcome: Sendable {
  /// The model, whose keys are all rows.
  public let model: LearnedModel
  /// What is to be said of it.
  public let report: LearningReport
}

extension LearnedModel {
  /// Learns a similarity from a table: the one with the least leave-one-out error on rows that train, stopped
  /// by rows that do not, and judged by rows that neither has seen.
  ///
  /// ```
  /// L = Σᵢ ωᵢ Σ_c (v_ic − v̂₋ᵢc)²/var_c / Σω + λ ‖θ − θ₀‖²/‖θ₀‖²
  /// ```
  ///
  /// with v̂₋ᵢ the estimate at key i from all other training rows. Every form begins with the best single
  /// bandwidth and passes through the simpler ones. A learned similarity is kept only if the stopping rows
  /// prefer it to that bandwidth by more than two standard errors of the difference; otherwise the model has
  /// the form ``LearnedSimilarity/Form/bandwidth`` and the report says so. Where no stopping row spoke
  /// against going on, the descent is finished on all rows. All rows are keys of the model.
  ///
  /// Which rows are held out follows from their numbers and the seed, not from the order of the rows. One
  /// split of a small table says little, so up to 300 rows are split some 30 times and up to 1,000 rows ten
  /// times, so that every row says when to stop and judges as often as any other; the rows that judge in all
  /// splits together decide what is kept, and the report gives their mean and the error of each.
  ///
  /// Tables of more than 20,000 training rows learn from 4,000 of them, then from random batches of
  /// 512 rows, each pooling all others, of 100,000 at most.
  ///
  /// - Parameters:
  ///   - sample: keys, factors after the continuous inputs as level numbers 0, 1, 2, …, with their values; rows
  ///     whose observation weight is 0 do not take part.
  ///   - levelCounts: how many levels each factor has.
  ///   - options: what is learned, and how.
  /// - Returns: the model, and what is to be said of it. The same options and table give the same bits
  ///   whatever the number of threads.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if a label is no level number, the rank is larger
  ///   than the number of expanded inputs, or there are fewer than four rows to train or two of each kind that
  ///   is held out.
  /// - Complexity: O(n²·(r + p)) an iteration, on all threads.
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

  /// The same under an execution that stays given up, which the model does not keep.
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
    // Threads take longer to start than so few pairs do.
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

  /// No more rows than this are learned from on one thread.
  private static var lonelyRows: Int { 256 }

  /// Learns under every split, and finishes what was learned under the first that learned anything.
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
      // Rows without which nothing changes judge nothing.
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
