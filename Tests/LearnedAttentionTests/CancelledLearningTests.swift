import KernelRegression
import KernelSums
import SimilarityKernels
import Testing
import _TestSupport

@testable import LearnedAttention

@Suite struct CancelledLearningTests {
  /// Learns until it has been asked a number of times; whether it threw, and how often it was asked.
  private static func learn(
    _ form: LearnedSimilarity.Form, askedTimes limit: Int
  ) throws -> (isCancelled: Bool, asked: Int) {
    let data = LearningCase(count: 60)
    let patience = Patience(limit)
    var options = LearningOptions(form: form, restarts: 1, iterationLimit: 5)
    options.computation = Computation(threads: 2, isCancelled: patience.isOver)
    let outcome = Result { [options] () throws(KernelRegressionError) in
      try LearnedModel.learn(
        Sample(keys: data.keys, values: [data.values]), levelCounts: [3], options: options
      ).report.iterations
    }
    guard case .failure(let error) = outcome else { return (false, patience.asked) }
    return (error.code == .cancelled, patience.asked)
  }

  @Test(.slow, arguments: LearningCase.forms)
  func `throws instead of the best so far, soon after it is given up`(form: LearnedSimilarity.Form)
    throws
  {
    let whole = try Self.learn(form, askedTimes: .max)
    #expect(!whole.isCancelled)
    for limit in [0, 1, whole.asked / 4, whole.asked / 2, whole.asked - 1] {
      let found = try Self.learn(form, askedTimes: limit)
      #expect(found.isCancelled)
      // The latch asks no more; two threads may have been on their way.
      #expect(found.asked <= limit + 2)
    }
  }

  @Test
  func `a model's predictions, by distances and by products, throw as its estimators do`() throws {
    let data = LearningCase(count: 60)
    for form in [LearnedSimilarity.Form.bandwidths, .projections(rank: 2)] {
      var model = try data.learn(form, iterationLimit: 3).model
      let expected = try model.predict(at: .points(data.keys)).estimates
      let operations: [(LearnedModel) throws -> Void] = [
        { _ = try $0.predict(at: .points(data.keys)) }, { _ = try $0.predict(at: .leaveOneOut) },
        { _ = try $0.weights(at: .points(data.keys)) },
        { _ = try $0.attentionMap(at: .points(data.keys), rows: 5, columns: 5) },
      ]
      for operation in operations {
        for limit in 0..<3 {
          model.execution = Execution(threads: 1, isCancelled: Patience(limit).isOver)
          let cancelled = model
          let error = #expect(throws: KernelRegressionError.self) { try operation(cancelled) }
          #expect(error?.code == .cancelled)
        }
      }
      model.execution = Execution()
      #expect(try model.predict(at: .points(data.keys)).estimates == expected)
    }
  }
}
