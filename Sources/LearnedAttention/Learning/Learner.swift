internal import KernelRegression
internal import KernelSums
internal import RealModule

/// Learns a form through the simpler ones, each starting from the previous one.
///
/// bandwidth → bandwidths → metric → projections. Each form starts from the best of the simpler one, so
/// on the training rows a metric of full rank is never worse than bandwidths, and these never worse than
/// a single one. A metric of lower rank starts from the largest principal axes of a full-rank metric
/// after a few iterations, or from the bandwidths that count most. Projections start as a metric, from
/// which queries and keys then diverge.
struct Learner {
  let options: LearningOptions
  let expansion: InputExpansion

  /// The loss of the training rows with one bandwidth.
  let training: PoolingLoss

  /// The rows that decide when to stop.
  let stopping: LearningTable?

  /// The number of steps and loss computations of all descents so far.
  struct Effort: Sendable {
    var iterations = 0
    var evaluations = 0
  }

  var effort: Effort
  private(set) var isToldToStop = false

  /// Whether to try nothing more; if the work was cancelled, its result will be dropped.
  var isInterrupted: Bool { isToldToStop || options.execution.isStopped }

  var losses: [Double] = []
  var stoppingErrors: [Double] = []

  /// The best single bandwidth.
  var unlearned: Candidate

  /// The best of any form that the requested one contains.
  var best: Candidate

  /// Why the last descent ended, and whether it ended at its best.
  var reason = LearningReport.StopReason.converged
  var isAtItsBest = true

  /// Whether the best comes from a sample of the rows that train.
  private var hasDraft = false

  /// What the descent to the best found out about the curvature.
  private var memory: LimitedMemoryDescent.Memory = []

  private var random: SplitMix

  /// The number of iterations after which only the best of several starts continues.
  static let screening = 25

  /// Steps in a row that gain no more than this fraction of the loss end a descent; the second value
  /// applies if a richer form follows.
  static let (leastGain, leastGainUnderWay) = (1e-9, 1e-4)

  init(
    _ options: LearningOptions, expansion: InputExpansion, training: PoolingLoss,
    stopping: LearningTable?, after effort: Effort = Effort()
  ) throws(KernelRegressionError) {
    self.options = options
    self.effort = effort
    self.expansion = expansion
    self.training = training
    self.stopping = stopping
    random = SplitMix(seed: options.seed ^ 0x5eed)
    unlearned = try Self.unlearned(of: training, stopping, form: options.form)
    best = unlearned
    losses = [unlearned.loss]
    stoppingErrors = unlearned.stoppingError.map { [$0] } ?? []
  }

  /// The best single bandwidth; if the form is richer, it is only a start.
  private static func unlearned(
    of loss: PoolingLoss, _ stopping: LearningTable?, form: LearnedSimilarity.Form
  ) throws(KernelRegressionError) -> Candidate {
    let (bandwidth, value) = try loss.leastBandwidth(tolerance: form == .bandwidth ? 1e-7 : 1e-3)
    return Candidate(
      form: .bandwidth, parameters: [1 / bandwidth], loss: value,
      stoppingError: stopping?.errors(under: loss, at: [1 / bandwidth]).mean)
  }

  /// Begins the history again with a single bandwidth, under the loss of more rows.
  mutating func beginAgain(with single: Candidate) {
    (unlearned, best, losses) = (single, single, [single.loss])
    stoppingErrors = single.stoppingError.map { [$0] } ?? []
  }

  /// Learns the requested form.
  mutating func learn() {
    let inverse = unlearned.parameters[0]
    guard options.form != .bandwidth else { return }
    let inputCount = expansion.inputCount
    var bandwidths = [Double](repeating: inverse, count: inputCount)
    if inputCount > 1 || options.form == .bandwidths {
      bandwidths =
        stage(
          .bandwidths, from: [bandwidths] + randomBandwidths(inverse), isWanted: containsBandwidths,
          leastGain: options.form == .bandwidths ? Self.leastGain : Self.leastGainUnderWay
        ).parameters
    }
    switch options.form {
    case .bandwidth, .bandwidths: break
    case .metric(let rank):
      var starts = metricStarts(rank, bandwidths)
      starts += randomMetrics(rank, inverse)
      _ = stage(options.form, from: starts, isWanted: true)
      if best.form == .bandwidths {
        best = Candidate(
          form: options.form, parameters: diagonal(best.parameters), loss: best.loss,
          stoppingError: best.stoppingError)
        memory = []
      }
    case .projections(let rank):
      var starts: [[Double]] = []
      for matrix in metricStarts(rank, bandwidths) + randomMetrics(rank, inverse) {
        starts += [1, 0.5].map { projections(from: matrix, rank, factor: $0) }
      }
      _ = stage(options.form, from: starts, isWanted: true)
    }
  }

  /// Whether the requested form contains bandwidths of the inputs.
  private var containsBandwidths: Bool {
    switch options.form {
    case .bandwidths: true
    case .metric(let rank): rank == expansion.columnCount
    case .bandwidth, .projections: false
    }
  }

  /// Descends from every start for a while, and to the end from the first and from the best of them, so
  /// that more starts never give a worse result.
  private mutating func stage(
    _ form: LearnedSimilarity.Form, from starts: [[Double]], isWanted: Bool,
    leastGain: Double = Self.leastGain
  ) -> Candidate {
    let loss = training.of(Parametrization(form, of: expansion))
    var runs: [LearningRun] = []
    // At least one, so that the next form gets numbers of this form.
    for start in starts where runs.isEmpty || !isInterrupted {
      let run = descend(
        LearningRun(
          form, from: start, loss: loss, penalty: penalty(form, start: start),
          stopping: stopping, leastGain: leastGain),
        iterations: starts.count > 1 ? Self.screening : options.iterationLimit)
      runs.append(run)
    }
    guard let ahead = runs.indices.min(by: { runs[$0].best.rank < runs[$1].best.rank }) else {
      return best
    }
    for index in Set([0, ahead]).sorted() where runs[index].reason == nil {
      runs[index] = descend(
        runs[index], iterations: options.iterationLimit - runs[index].losses.count + 1)
    }
    let winner = runs[0].best.rank <= runs[ahead].best.rank ? runs[0] : runs[ahead]
    losses += winner.losses.dropFirst()
    stoppingErrors += winner.stoppingErrors.dropFirst()
    if isWanted {
      if winner.best.rank < best.rank { (best, memory) = (winner.best, winner.memory) }
      settle(winner)
    }
    return winner.best
  }

  /// Notes how the last descent ended.
  private mutating func settle(_ run: LearningRun) {
    isAtItsBest = run.isAtItsBest
    reason = run.reason ?? .iterationLimit
    if reason == .converged && !isAtItsBest { reason = .stoppingRows }
  }

  /// Runs a descent until it ends, the iterations are used up or the progress callback stops it.
  private mutating func descend(_ run: LearningRun, iterations limit: Int) -> LearningRun {
    var run = run
    var before = run.losses.count > 1 ? run.evaluations : 0
    for _ in 0..<max(limit, 0) where run.reason == nil && !isInterrupted {
      run.advance()
      effort.evaluations += run.evaluations - before
      before = run.evaluations
      report(run.form, loss: run.losses.last, stoppingError: run.stoppingErrors.last)
      if isInterrupted { run.end(.interrupted) }
    }
    return run
  }

  /// Counts an iteration and reports the progress.
  private mutating func report(
    _ form: LearnedSimilarity.Form, loss: Double?, stoppingError: Double?
  ) {
    effort.iterations += 1
    let state = LearningProgress(
      iteration: effort.iterations, evaluations: effort.evaluations, form: form,
      trainingLoss: loss ?? .nan,
      stoppingError: stoppingError)
    if options.progress?(state) == false { isToldToStop = true }
  }

  /// The same for what was noted last.
  mutating func report(_ form: LearnedSimilarity.Form) {
    report(form, loss: losses.last, stoppingError: stoppingErrors.last)
  }

  /// Keeps a candidate if it is the best.
  mutating func note(_ candidate: Candidate) {
    losses.append(candidate.loss)
    if let error = candidate.stoppingError { stoppingErrors.append(error) }
    if candidate.rank < best.rank { best = candidate }
  }

  /// The best after more training on all rows, starting from its numbers.
  mutating func polished(on loss: PoolingLoss) -> Candidate {
    goOn(from: best, on: loss, stopping: nil).best
  }

  /// The descent from a candidate to the end.
  private mutating func goOn(
    from start: Candidate, on loss: PoolingLoss, stopping: LearningTable?
  ) -> LearningRun {
    descend(
      LearningRun(
        start.form, from: start.parameters,
        loss: loss.of(Parametrization(start.form, of: expansion)),
        penalty: penalty(start.form, start: start.parameters), stopping: stopping,
        leastGain: hasDraft ? Self.leastGainUnderWay : Self.leastGain,
        memory: hasDraft ? memory : []),
      iterations: options.iterationLimit)
  }

  /// Continues on all training rows what a sample of them has taught.
  ///
  /// Distances are first scaled by one factor, because more rows want narrower windows. The descent takes over
  /// the curvature that the sample's found.
  ///
  /// - Complexity: O(n²·(r + p)) for each of some ten evaluations.
  mutating func complete(on whole: PoolingLoss) throws(KernelRegressionError) {
    let learned = best
    hasDraft = true
    beginAgain(with: try Self.unlearned(of: whole, stopping, form: options.form))
    guard learned.form != .bandwidth, !isInterrupted else { return }
    let run = goOn(
      from: try widened(learned, on: whole, judges(of: whole)), on: whole, stopping: stopping)
    losses += run.losses
    stoppingErrors += run.stoppingErrors
    if run.best.rank < best.rank { best = run.best }
    settle(run)
  }

  /// Weight decay pulls bandwidths and metrics of full rank towards the best single bandwidth, others
  /// towards their start.
  func penalty(
    _ form: LearnedSimilarity.Form, start: [Double]
  ) -> LearningRun.Penalty {
    let inverse = unlearned.parameters[0]
    let center: [Double]
    switch form {
    case .metric(let rank) where rank == expansion.columnCount:
      center = diagonal([Double](repeating: inverse, count: expansion.inputCount))
    case .bandwidth, .bandwidths: center = start.map { _ in inverse }
    case .metric, .projections: center = start
    }
    return LearningRun.Penalty(center: center, decay: options.weightDecay)
  }
}

// MARK: - Starts

extension Learner {
  /// The metric of bandwidths, row after row.
  func diagonal(_ inverses: [Double]) -> [Double] {
    let count = expansion.columnCount
    var matrix = [Double](repeating: 0, count: count * count)
    for input in 0..<expansion.inputCount {
      for column in expansion.columns(of: input) {
        matrix[column * count + column] = inverses[input]
      }
    }
    return matrix
  }

  /// Metrics of a given rank, derived from bandwidths.
  mutating func metricStarts(_ rank: Int, _ inverses: [Double]) -> [[Double]] {
    let count = expansion.columnCount
    let whole = diagonal(inverses)
    guard rank < count else { return [whole] }
    var starts: [[Double]] = []
    let order = (0..<count).sorted {
      (whole[$0 * count + $0].magnitude, $1) > (whole[$1 * count + $1].magnitude, $0)
    }
    starts.append(
      order.prefix(rank).flatMap { Array(whole[$0 * count..<($0 + 1) * count]) })
    let form = LearnedSimilarity.Form.metric(rank: count)
    let run = descend(
      LearningRun(
        form, from: whole, loss: training.of(Parametrization(form, of: expansion)),
        penalty: penalty(form, start: whole), stopping: nil), iterations: Self.screening)
    let matrix = run.best.parameters
    let gram = (0..<count).map { i in
      (0..<count).map { j in
        (0..<count).reduce(0) { $0 + matrix[$1 * count + i] * matrix[$1 * count + j] }
      }
    }
    starts.append(
      principalAxes(of: gram).prefix(rank).flatMap { value, vector in
        vector.map { $0 * Double.sqrt(max(value, 0)) }
      })
    return starts
  }

  /// Random bandwidths, one set for each restart: the single one times eᴺ, N standard normal.
  mutating func randomBandwidths(_ inverse: Double) -> [[Double]] {
    (0..<options.restarts).map { _ in
      (0..<expansion.inputCount).map { _ in inverse * Double.exp(random.normal()) }
    }
  }

  /// Random metrics whose squared distances are on average those of the single bandwidth.
  mutating func randomMetrics(_ rank: Int, _ inverse: Double) -> [[Double]] {
    (0..<options.restarts).map { _ in
      (0..<rank * expansion.columnCount).map { _ in
        inverse * random.normal() / Double.sqrt(Double(rank))
      }
    }
  }

  /// Projections, the same for queries and keys, whose products are those of a metric's places.
  func projections(from matrix: [Double], _ rank: Int, factor: Double) -> [Double] {
    let temperature = Double.sqrt(Double(rank))
    let scaled = matrix.map { $0 * factor * .sqrt(temperature) }
    return scaled + [Double](repeating: 0, count: rank) + scaled + [.log(temperature)]
  }
}
