import KernelRegression
import KernelSums
import RealModule
import SimilarityKernels
import Testing
import _TestSupport

@testable import LearnedAttention

/// Rows of three continuous inputs, of which two matter, and a factor of three levels.
struct LearningCase: Sendable {
  let keys: Points
  let values: [Double]

  /// Coordinates are multiples of 2⁻²⁰ below 4, so that shifts by up to 2³⁰ lose nothing.
  init(seed: UInt64 = 3, count: Int = 120, shift: Double = 0, unit: Double = 1) {
    var random = SplitMix64(seed: seed)
    func coordinates() -> [Double] {
      (0..<count).map { _ in
        (Double.random(in: -2...2, using: &random) * 0x1p20).rounded() * 0x1p-20
      }
    }
    let columns = (0..<3).map { _ in coordinates() }
    let levels = (0..<count).map { _ in Double(Int.random(in: 0...2, using: &random)) }
    values = (0..<count).map { row in
      Double.sin(2 * columns[0][row]) + columns[1][row] + levels[row]
        + Double.random(in: -0.1...0.1, using: &random)
    }
    keys = Points(columns: columns.map { $0.map { ($0 + shift) * unit } } + [levels])
  }

  static let forms: [LearnedSimilarity.Form] = [
    .bandwidth, .bandwidths, .metric(rank: 6), .metric(rank: 2), .projections(rank: 3),
  ]

  func learn(
    _ form: LearnedSimilarity.Form, heldOutShare: Double = 0, weightDecay: Double = 0,
    weights: [Double]? = nil, restarts: Int = 0, iterationLimit: Int = 40, threads: Int? = nil,
    progress: (@Sendable (LearningProgress) -> Bool)? = nil
  ) throws -> LearnedOutcome {
    var options = LearningOptions(
      form: form, heldOutShare: heldOutShare, weightDecay: weightDecay, restarts: restarts,
      iterationLimit: iterationLimit, progress: progress)
    options.computation.threads = threads
    return try LearnedModel.learn(
      Sample(keys: keys, values: [values], weights: weights), levelCounts: [3], options: options)
  }
}

@Suite struct LearningTests {
  /// Two descents to one minimum, relative to the loss: each ends where its steps gain less than 1e-9 of it, and
  /// slow steps may leave some thousand times that.
  static let endOfDescent = 1e-5

  @Test(arguments: LearningCase.forms)
  func `the reported loss is the model's leave-one-out error`(of form: LearnedSimilarity.Form)
    throws
  {
    let data = LearningCase()
    let learned = try data.learn(form)
    let model = learned.model
    let report = learned.report
    let estimates = try model.predict(at: .leaveOneOut).values
    let mean =
      zip(data.values, estimates).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(data.values.count) / report.valueVariances[0]
    // What the estimator promises of values up to 5 in two or three inputs; residuals are of order 1, and their
    // square counts.
    #expect((mean - report.finalLoss).magnitude < 1e-8)
  }

  @Test func `richer forms are no worse on the rows they learn from`() throws {
    let data = LearningCase()
    let losses = try [LearnedSimilarity.Form.bandwidth, .bandwidths, .metric(rank: 6)].map {
      try data.learn($0).report
    }
    // Where it is not the model, the width is looked for to a thousandth, of which the loss feels the square.
    #expect(abs(losses[0].finalLoss / losses[1].initialLoss - 1) < 1e-5)
    #expect(losses[1].finalLoss < losses[0].finalLoss)
    #expect(losses[2].finalLoss <= losses[1].finalLoss)
    for report in losses { #expect(report.losses.first == report.initialLoss) }
  }

  @Test func `learned bandwidths are those of the estimator in the inputs' own units`() throws {
    let data = LearningCase()
    let keys = Points(columns: (0..<3).map { data.keys.column($0) })
    let model = try LearnedModel.learn(
      Sample(keys: keys, values: [data.values]),
      options: LearningOptions(form: .bandwidths, heldOutShare: 0)
    ).model
    let bandwidths = try #require(model.similarity.bandwidths)
    let plain = try KernelSmoother(
      Sample(keys: keys, values: [data.values]), Similarity(bandwidths: bandwidths))
    let queries = keys.selecting(0..<20)
    let (one, other) = (
      try model.predict(at: .points(queries)).values, try plain.predict(at: .points(queries)).values
    )
    // Values are below 6.
    #expect(Laws.deviation(one, other, relativeTo: 6) < 2 * Promise.severalInputs)
  }

  @Test func `projections of equal keys' norms are a distance`() throws {
    // (q·k)/τ = −½‖q − k‖²/τ + (‖q‖² + ‖k‖²)/2τ, and the last term is the same for all keys on a circle.
    let angles = (0..<50).map { Double($0) * 0.37 }
    let keys = Points(columns: [angles.map { Double.cos($0) }, angles.map { Double.sin($0) }])
    let values = [angles.map { Double.sin(3 * $0) }]
    let (centers, scales) = ([0.0, 0], [1.0, 1])
    let identity = [[1.0, 0], [0, 1]]
    let products = try LearnedModel(
      LearnedSimilarity(
        .projections(
          .init(queries: identity, queryBias: [0, 0], keys: identity, temperature: 0.04)),
        centers: centers, scales: scales),
      Sample(keys: keys, values: values))
    let distances = try LearnedModel(
      LearnedSimilarity(
        .bandwidth(inverse: 5), centers: centers, scales: scales),
      Sample(keys: keys, values: values))
    let queries = Points(columns: [[0.3, -0.4, 2, 0], [0.9, 0.1, -3, 0]])
    let (one, other) = (
      try products.predict(at: .points(queries)), try distances.predict(at: .points(queries))
    )
    // Scores up to 90 carry 2e-14 each, which is little beside the promise.
    #expect(
      Laws.deviation(one.values, other.values, relativeTo: 1) < 2 * Promise.severalInputs)
    let leftOut = (
      try products.predict(at: .leaveOneOut).values, try distances.predict(at: .leaveOneOut).values
    )
    #expect(Laws.deviation(leftOut.0, leftOut.1, relativeTo: 1) < 2 * Promise.severalInputs)
  }

  @Test(arguments: [(0x1p30, 1.0), (0, 0x1p-40), (0, 0x1p900)])
  func `shifts and units change nothing`(shift: Double, unit: Double) throws {
    let plain = try LearningCase().learn(.bandwidths).report
    let moved = try LearningCase(shift: shift, unit: unit).learn(.bandwidths).report
    // Differences are exact and means err by rounding, so the two descents see the same loss.
    #expect((plain.finalLoss - moved.finalLoss).magnitude < Self.endOfDescent * plain.finalLoss)
  }

  @Test(arguments: LearningCase.forms)
  func `the same seed gives the same bits on any number of threads`(form: LearnedSimilarity.Form)
    throws
  {
    let data = LearningCase(count: 80)
    let one = try data.learn(form, heldOutShare: 0.3, restarts: 1, iterationLimit: 15, threads: 1)
    let other = try data.learn(form, heldOutShare: 0.3, restarts: 1, iterationLimit: 15, threads: 3)
    #expect(one.model.similarity == other.model.similarity)
    #expect(one.report.losses == other.report.losses)
    #expect(one.report.heldOutError == other.report.heldOutError)
  }

  @Test(
    .slow, arguments: [LearnedSimilarity.Form.bandwidths, .metric(rank: 4), .projections(rank: 2)])
  func `rows in another order give the same model to the last bit`(
    form: LearnedSimilarity.Form
  ) throws {
    let data = LearningCase(seed: 5, count: 90)
    var random = SplitMix64(seed: 6)
    func learn(_ order: [Int]) throws -> LearnedOutcome {
      try LearnedModel.learn(
        Sample(
          keys: Points(rowMajor: order.flatMap { data.keys[$0] }, dimension: 4),
          values: [order.map { data.values[$0] }], weights: order.map { Double(1 + $0 % 3) }),
        levelCounts: [3],
        options: LearningOptions(form: form, restarts: 1, seed: 4, iterationLimit: 10))
    }
    let plain = try learn(Array(0..<90))
    for _ in 0..<2 {
      let shuffled = try learn((0..<90).shuffled(using: &random))
      #expect(shuffled.model.similarity == plain.model.similarity)
      #expect(shuffled.report.losses == plain.report.losses)
      #expect(shuffled.report.splitErrors == plain.report.splitErrors)
      #expect(shuffled.report.heldOutError == plain.report.heldOutError)
      #expect(shuffled.report.conclusion == plain.report.conclusion)
    }
  }

  @Test func `every row judges and stops as often as any other, and trains when it does neither`()
    throws
  {
    for (count, share) in [(116, 0.2), (54, 0.2), (8, 0.2), (700, 0.3), (97, 0.9), (300, 0.01)] {
      let order = RowOrder(
        keys: Points((0..<count).map(Double.init)), values: [], weights: nil)
      let splits = try LearningRows.splits(
        order, options: LearningOptions(form: .bandwidths, heldOutShare: share))
      #expect(splits.count > 1)
      var judged = [Int](repeating: 0, count: count)
      for rows in splits {
        #expect((rows.training + rows.stopping + rows.test).sorted() == Array(0..<count))
        #expect(rows.training.count == splits[0].training.count)
        #expect(rows.stopping.count == splits[0].stopping.count)
        for row in rows.test { judged[row] += 1 }
      }
      // Where held-out parts do not add up to the table some rows are in one more of them.
      if splits.count >= LearningRows.splitCount(count, heldOutShare: share) {
        #expect(judged.allSatisfy { $0 > 0 })
      }
    }
  }

  @Test func `the error that is reported hardly depends on the seed`() throws {
    // 116 rows of which 12 judge: single splits differ by a factor of several.
    let data = LearningCase(seed: 9, count: 116)
    let reports = try (0..<4 as Range<UInt64>).map { seed in
      try LearnedModel.learn(
        Sample(keys: data.keys, values: [data.values]), levelCounts: [3],
        options: LearningOptions(form: .bandwidths, restarts: 0, seed: seed, iterationLimit: 15)
      ).report
    }
    let errors = reports.compactMap(\.heldOutError)
    let least = try #require(errors.min())
    let greatest = try #require(errors.max())
    let splits = reports.flatMap(\.splitErrors)
    let leastSplit = try #require(splits.min())
    let greatestSplit = try #require(splits.max())
    // Means of 24 splits whose errors vary by a factor of two or so have a standard error of a tenth: of four
    // the extremes may differ by three. Were single splits alike, this would show nothing.
    #expect(greatest < 1.35 * least)
    #expect(greatestSplit > 1.8 * leastSplit)
    #expect(reports.allSatisfy { $0.splitErrors.count == 24 })
  }

  @Test func `rows of weight 0 take no part`() throws {
    let data = LearningCase(count: 80)
    var weights = [Double](repeating: 1, count: 80)
    for row in 60..<80 { weights[row] = 0 }
    let masked = try data.learn(.bandwidths, weights: weights)
    let short = try LearnedModel.learn(
      Sample(
        keys: data.keys.selecting(0..<60), values: [Array(data.values[0..<60])],
        weights: [Double](repeating: 1, count: 60)), levelCounts: [3],
      options: LearningOptions(
        form: .bandwidths, heldOutShare: 0, weightDecay: 0, restarts: 0, iterationLimit: 40))
    // The same rows in the order of another shuffle.
    let (one, other) = (masked.report.finalLoss, short.report.finalLoss)
    #expect((one - other).magnitude < Self.endOfDescent * other)
    #expect(masked.report.trainingCount == 60)
  }

  @Test func `a progress that says no ends it with the best so far`() throws {
    let data = LearningCase(count: 60)
    let learned = try data.learn(.metric(rank: 6), progress: { $0.iteration < 3 })
    let (model, report) = (learned.model, learned.report)
    #expect(report.stopReason == .interrupted)
    #expect(report.iterations == 3)
    #expect(report.finalLoss <= report.initialLoss)
    #expect(
      try model.predict(at: .points(data.keys.selecting(0..<2))).values.allSatisfy { $0.isFinite })
  }

  @Test func `inputs that matter are told from one that does not`() throws {
    let data = LearningCase(count: 200)
    let learned = try data.learn(.bandwidths, heldOutShare: 0.3, weightDecay: 1e-3)
    let model = learned.model
    let report = learned.report
    #expect(report.learningHelped)
    #expect(report.trainingCount == 140 && report.stoppingCount == 30 && report.testCount == 30)
    let inverses = model.similarity.inverseBandwidths
    #expect(inverses.count == 4)
    // Rows that differ in the idle input alone predict each other, so averaging over it must pay. How much the
    // noise decides; half of the other's inverse bandwidth tells the two apart.
    #expect(inverses[2] < 0.5 * inverses[0])
  }
}
