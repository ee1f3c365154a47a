internal import KernelRegression
internal import RealModule

extension Learner {
  /// Tables with more training rows than this learn from random batches.
  static let batchThreshold = 20_000

  /// Tables with more training rows than this learn a form first from some of them.
  static let sampleThreshold = 8000

  /// A form is then first learned from this many rows, at a cost that does not grow with the table.
  static let sampleLength = 3000

  /// At most this many rows train: their bandwidths still suit the whole table, because the optimum
  /// shrinks with the number of rows no faster than a fifth root.
  static let trainingLimit = 100_000

  /// The number of steps over random batches, and how many of them count as an iteration.
  static let (batchSteps, stepsAnIteration) = (400, 20)

  /// Adapts what a sample taught to many rows: first scales all distances by one factor, found by
  /// leave-one-out of a thousand rows among all, then adjusts every number by random batches.
  ///
  /// - Parameters:
  ///   - whole: all training rows.
  ///   - stepCount: the number of batches.
  /// - Complexity: O(n·b·(r + p)) for each batch of b = 512 rows.
  mutating func refine(
    on whole: PoolingLoss, stepCount: Int = Self.batchSteps
  ) throws(KernelRegressionError) {
    let judges = judges(of: whole)
    let learned = best
    beginAgain(with: try widened(unlearned, on: whole, judges))
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

  /// A thousand rows that stand for all.
  func judges(of whole: PoolingLoss) -> [Int] {
    var random = SplitMix(seed: options.seed ^ 0xba7c4)
    return random.permutation(whole.count).prefix(1000).sorted()
  }

  /// A candidate with all distances multiplied by the factor that suits this many rows.
  func widened(
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
