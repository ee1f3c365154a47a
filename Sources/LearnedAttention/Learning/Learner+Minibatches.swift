internal import KernelRegression
internal import RealModule

extension Learner {
  /// More training rows than this learn from random batches.
  static let batchThreshold = 20_000

  /// Then a form is learned from so many of them first, at a cost that does not grow with the table.
  static let sampleLength = 4000

  /// And no more than so many train at all: their bandwidths still suit the whole table, whose optimum
  /// shrinks with its number of rows as slowly as a fifth root or slower.
  static let trainingLimit = 100_000

  /// Steps over random batches, and how many of them count as an iteration.
  static let (batchSteps, stepsAnIteration) = (400, 20)

  /// Makes what a sample has taught suit many rows: all distances by one factor, found by leave-one-out of
  /// a thousand rows among all, then every number by random batches.
  ///
  /// - Parameters:
  ///   - whole: all training rows.
  ///   - stepCount: how many batches there are.
  /// - Complexity: O(n·b·(r + p)) for each batch of b = 512 rows.
  mutating func refine(
    on whole: PoolingLoss, stepCount: Int = Self.batchSteps
  ) throws(KernelRegressionError) {
    var random = SplitMix(seed: options.seed ^ 0xba7c4)
    let judges = random.permutation(whole.count).prefix(1000).sorted()
    let learned = best
    unlearned = try widened(unlearned, on: whole, judges)
    best = unlearned
    losses = [unlearned.loss]
    stoppingErrors = unlearned.stoppingError.map { [$0] } ?? []
    guard learned.form != .bandwidth else { return }
    let start = try widened(learned, on: whole, judges)
    note(start)
    let loss = whole.of(Parametrization(start.form, of: expansion))
    var descent = MinibatchDescent(
      from: start.parameters, loss: loss, penalty: penalty(start.form, start: start.parameters),
      stepCount: stepCount, seed: options.seed)
    for _ in 0..<stepCount / Self.stepsAnIteration where !isInterrupted {
      for _ in 0..<Self.stepsAnIteration { _ = descent.advance() }
      effort.evaluations += Self.stepsAnIteration
      note(
        Candidate(
          form: start.form, parameters: descent.parameters,
          loss: loss.value(at: descent.parameters, batch: judges),
          stoppingError: stopping?.errors(under: loss, at: descent.parameters).mean))
      report(start.form)
    }
    reason = isInterrupted ? .interrupted : .iterationLimit
    isAtItsBest = false
  }

  /// A candidate with all distances multiplied by what suits so many rows.
  private func widened(
    _ candidate: Candidate, on whole: PoolingLoss, _ judges: [Int]
  ) throws(KernelRegressionError) -> Candidate {
    let loss = whole.of(Parametrization(candidate.form, of: expansion))
    func scaled(_ logFactor: Double) -> [Double] {
      guard loss.parametrization.isDistance else {
        var parameters = candidate.parameters
        parameters[parameters.count - 1] -= logFactor
        return parameters
      }
      return candidate.parameters.map { $0 * .exp(logFactor) }
    }
    let start = loss.value(at: scaled(0), batch: judges)
    let least = try brentMinimum(
      from: -1, to: 2, startingAt: (0, start), tolerance: 1e-3
    ) { (x) throws(KernelRegressionError) in loss.value(at: scaled(x), batch: judges) }
    let parameters = scaled(least.x)
    return Candidate(
      form: candidate.form, parameters: parameters, loss: least.value,
      stoppingError: stopping?.errors(under: loss, at: parameters).mean)
  }
}
