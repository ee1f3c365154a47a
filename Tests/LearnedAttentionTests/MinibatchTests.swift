import KernelSums
import RealModule
import Testing
import _TestSupport

@testable import LearnedAttention

@Suite struct MinibatchTests {
  /// Two inputs, of which one matters.
  func table(_ count: Int, seed: UInt64) -> LearningTable {
    var random = SplitMix64(seed: seed)
    let inputs = (0..<2).map { _ in
      (0..<count).map { _ in Double.random(in: -1.7...1.7, using: &random) }
    }
    return LearningTable(
      inputs: inputs, values: [inputs[0].map { Double.sin(2 * $0) }], weights: nil)
  }

  let expansion = InputExpansion(centers: [0, 0], scales: [1, 1], levelCounts: [])

  @Test func `a first step moves every number by as much, downhill`() {
    let loss = table(60, seed: 4).loss(Parametrization(.bandwidths, of: expansion), Execution())
    let start = [2.0, 1]
    let gradient = loss.valueAndGradient(at: start).gradient
    var descent = MinibatchDescent(
      from: start, loss: loss, penalty: LearningRun.Penalty(center: start, decay: 0), stepCount: 10,
      seed: 1)
    // Sixty rows of sixty terms in another order.
    #expect((descent.advance() - loss.value(at: start)).magnitude < Rounding.thousands)
    for (index, moved) in descent.parameters.enumerated() {
      // m̂/√v̂ = g/|g| at first; 1 − 0.999, which v̂ is divided by, loses three digits.
      let expected = start[index] - descent.size * (gradient[index] > 0 ? 1 : -1)
      #expect((moved - expected).magnitude < Rounding.hundreds)
    }
  }

  @Test func `batches of many rows are no worse than what a sample has taught`() throws {
    let single = Parametrization(.bandwidth, of: expansion)
    let whole = table(240, seed: 5)
    let few = whole.rows(Array(0..<60))
    var learner = try Learner(
      LearningOptions(form: .bandwidths, restarts: 0, iterationLimit: 20), expansion: expansion,
      training: few.loss(single, Execution()), stopping: table(40, seed: 6))
    learner.learn()
    let loss = whole.loss(single, Execution())
    func error(_ candidate: Candidate) -> Double {
      table(40, seed: 6).errors(
        under: loss.of(Parametrization(candidate.form, of: expansion)), at: candidate.parameters
      ).mean
    }
    let taught = error(learner.best)
    let before = learner.effort.iterations
    try learner.refine(on: loss, stepCount: 40)
    #expect(learner.effort.iterations == before + 2)
    #expect(learner.best.stoppingError == error(learner.best))
    // All distances by one factor, chosen by leave-one-out and not by these rows, may cost a little.
    #expect(error(learner.best) <= 1.05 * taught)
    #expect(error(learner.best) <= error(learner.unlearned))
  }

  /// What a sample has taught is finished by all rows, whose own descent ends at the same loss.
  ///
  /// Both end at small gains, of which many may be left in a flat valley; a hundredth is far more than that
  /// and far less than what there is to learn.
  @Test(arguments: [LearnedSimilarity.Form.bandwidths, .metric(rank: 2), .metric(rank: 1)])
  func `a descent over all rows completes what a sample has taught`(
    form: LearnedSimilarity.Form
  ) throws {
    let single = Parametrization(.bandwidth, of: expansion)
    let whole = table(400, seed: 7)
    let loss = whole.loss(single, Execution())
    func learner(on rows: LearningTable) throws -> Learner {
      var learner = try Learner(
        LearningOptions(form: form, weightDecay: 0), expansion: expansion,
        training: rows.loss(single, Execution()), stopping: nil)
      learner.learn()
      return learner
    }
    let full = try learner(on: whole)
    var sampled = try learner(on: whole.rows(Array(0..<150)))
    try sampled.complete(on: loss)
    let expected = loss.of(Parametrization(sampled.best.form, of: expansion))
      .value(at: sampled.best.parameters)
    #expect((sampled.best.loss - expected).magnitude < Rounding.thousands)
    #expect(sampled.best.form == form)
    #expect(sampled.best.loss <= 1.01 * full.best.loss)
    #expect(sampled.best.loss < 0.9 * sampled.unlearned.loss)
    #expect(sampled.unlearned.loss <= 1.001 * full.unlearned.loss)
    // The next descent begins where the last one ended.
    #expect(sampled.polished(on: loss).loss <= sampled.best.loss)
  }
}
