import KernelRegression
import KernelSums
import SimilarityKernels
import Testing
import _TestSupport

@testable import LearnedAttention

@Suite struct EdgeTests {
  func learn(
    _ columns: [[Double]], _ values: [Double], levelCounts: [Int] = [],
    form: LearnedSimilarity.Form = .bandwidths, heldOutShare: Double = 0
  ) throws(KernelRegressionError) -> LearnedOutcome {
    try LearnedModel.learn(
      Sample(keys: Points(columns: columns), values: [values]), levelCounts: levelCounts,
      options: LearningOptions(form: form, heldOutShare: heldOutShare, iterationLimit: 10))
  }

  func code(_ body: () throws(KernelRegressionError) -> Void) -> KernelRegressionError.Code? {
    do {
      try body()
      return nil
    } catch {
      return error.code
    }
  }

  @Test func `what cannot be learned from is refused`() {
    let x = (0..<10).map { Double($0) }
    #expect(
      code { () throws(KernelRegressionError) in _ = try learn([[1, 2, 3]], [1, 2, 3]) }
        == .tooFewKeys)
    #expect(
      code { () throws(KernelRegressionError) in
        _ = try learn([Array(x.prefix(7))], Array(x.prefix(7)), heldOutShare: 0.2)
      } == .tooFewKeys)
    #expect(
      code { () throws(KernelRegressionError) in _ = try learn([x], x, form: .metric(rank: 2)) }
        == .dimensionMismatch)
    #expect(
      code { () throws(KernelRegressionError) in _ = try learn([x], x, form: .projections(rank: 0))
      }
        == .dimensionMismatch)
    #expect(
      code { () throws(KernelRegressionError) in _ = try learn([x, x], x, levelCounts: [9]) }
        == .invalidLevel)
    #expect(
      code { () throws(KernelRegressionError) in _ = try learn([x.map { $0 / 0 }], x) }
        == .notFinite)
    #expect(
      code { () throws(KernelRegressionError) in _ = try learn([x], x.map { $0 / 0 }) }
        == .notFinite)
  }

  @Test func `where no value or no input changes there is nothing to learn`() throws {
    let x = (0..<20).map { Double($0) }
    let same = [Double](repeating: 0.1, count: 20)
    for (inputs, values) in [(x, same), (same, x)] {
      let learned = try learn([inputs], values, form: .metric(rank: 1))
      let model = learned.model
      let report = learned.report
      #expect(report.stopReason == .nothingToLearn)
      #expect(!report.learningHelped)
      #expect(model.similarity.form == .bandwidth)
      #expect(try model.predict(at: .points(Points(columns: [[3]]))).values[0].isFinite)
      // Every row is predicted by the mean of the others, so that it errs by n/(n − 1) times its distance to
      // the mean of all. Twenty rows.
      let loss = values == same ? 0 : (20.0 / 19) * (20.0 / 19)
      #expect(abs(report.initialLoss - loss) < Rounding.tens)
      #expect(report.finalLoss == report.initialLoss)
    }
  }

  @Test func `an input that does not change, ties and duplicated rows are no harm`() throws {
    let x = (0..<40).map { Double($0 / 2) }
    let same = [Double](repeating: 1e9, count: 40)
    for form in [LearnedSimilarity.Form.bandwidths, .metric(rank: 2), .projections(rank: 2)] {
      let learned = try learn([x, same], x.map { $0 * $0 }, form: form)
      let model = learned.model
      let report = learned.report
      #expect(report.finalLoss.isFinite && report.finalLoss <= report.initialLoss)
      #expect(
        try model.predict(at: .points(Points(columns: [[3.5, -1e300], [1e9, 5]]))).values.allSatisfy
        {
          $0.isFinite
        })
    }
  }

  @Test func `queries with a level that there is not are refused`() throws {
    let x = (0..<20).map { Double($0) }
    let levels = (0..<20).map { Double($0 % 2) }
    let model = try learn([x, levels], x, levelCounts: [2]).model
    #expect(
      code { () throws(KernelRegressionError) in
        _ = try model.predict(at: .points(Points(columns: [[1], [2]])))
      }
        == .invalidLevel)
    #expect(
      code { () throws(KernelRegressionError) in
        _ = try model.predict(at: .points(Points(columns: [[1]])))
      }
        == .dimensionMismatch)
  }

  @Test func `products near the range of doubles are those of attention`() throws {
    func model(_ values: [Double], factors: [Double], temperature: Double = 1) throws
      -> LearnedModel
    {
      func diagonal(_ signs: [Double]) -> [[Double]] {
        [[factors[0] * signs[0], 0], [0, factors[1] * signs[1]]]
      }
      return try LearnedModel(
        LearnedSimilarity(
          .projections(
            .init(
              queries: diagonal([1, 1]), queryBias: [0, 0], keys: diagonal([1, -1]),
              temperature: temperature)),
          centers: [0, 0], scales: [1, 1]),
        Sample(keys: Points(columns: [[1, 2, 3], [1, 2, 4]]), values: [values]))
    }
    for (values, factors) in [
      // Scores whose largest alone counts; sums of values that overflow.
      ([1.0, 2, 4], [1e100, 0]), ([1, 2, 4], [0, 1e100]),
      ([1e308, 1.5e308, 1e308], [0, 0]),
    ] {
      let model = try model(values, factors: factors)
      for (predictions, rows) in [
        (
          try model.predict(at: .points(model.keys), diagnostics: true),
          try model.weights(at: .points(model.keys))
        ),
        (
          try model.predict(at: .leaveOneOut, diagnostics: true),
          try model.weights(at: .leaveOneOut)
        ),
      ] {
        #expect(predictions.emptyWindows.isEmpty)
        for query in model.keys.indices {
          let pooled = rows.entries(ofQuery: query).reduce(0) { $0 + $1.weight * values[$1.key] }
          // Three terms, each with its roundings.
          #expect(abs(predictions.values[query] / pooled - 1) < Rounding.tens)
          let size = try #require(predictions.effectiveSampleSizes)[query]
          #expect(abs(size / rows.effectiveSampleSizes[query] - 1) < Rounding.tens)
        }
      }
    }
    // Projected numbers end at 2⁵⁰⁰, whose products are in range.
    let overflowing = try model([1, 2, 4], factors: [1, 1], temperature: .leastNonzeroMagnitude)
    #expect(try overflowing.predict(at: .points(overflowing.keys)).values.allSatisfy(\.isFinite))
    #expect(try overflowing.weights(at: .points(overflowing.keys)).weights.allSatisfy(\.isFinite))
  }

  @Test(arguments: [0x1p1023, 0x1p-1060])
  func `the unit of weights changes nothing, even where their sum overflows`(
    unit: Double
  ) throws {
    let count = 60
    let keys = Points(columns: [
      (0..<count).map { Double($0) / 10 }, (0..<count).map { Double($0 * 7 % 11) },
    ])
    let values = keys.column(0).map { $0 * (6 - $0) }
    let weights = (0..<count).map { [1, 0.5, 0.25][$0 % 3] }
    func learn(_ weights: [Double]) throws -> LearnedOutcome {
      try LearnedModel.learn(
        Sample(keys: keys, values: [values], weights: weights),
        options: LearningOptions(form: .bandwidths, iterationLimit: 10))
    }
    let expected = try learn(weights)
    let found = try learn(weights.map { $0 * unit })
    #expect(found.model.similarity == expected.model.similarity)
    #expect(found.report.losses == expected.report.losses)
  }
}
