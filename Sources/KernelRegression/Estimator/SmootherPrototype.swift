internal import KernelSums
internal import SimilarityKernels

/// An estimator without bandwidths: all that does not depend on them.
struct SmootherPrototype: Sendable {
  let computation: Computation
  private let sample: Sample
  private let emptyWindow: EmptyWindowPolicy
  private let problem: KernelSumProblem
  private let values: ScaledValues

  /// - Throws: ``KernelRegressionError`` if the arguments are invalid at any bandwidths.
  /// - Complexity: O(n·(d + p)).
  init(
    _ sample: Sample, _ similarity: Similarity, degree: Int, emptyWindow: EmptyWindowPolicy,
    isCausal: Bool, computation: Computation
  ) throws(KernelRegressionError) {
    // These bandwidths are in range for any keys.
    let labels = similarity.labels.count
    let any =
      [Double](repeating: 1, count: max(sample.keys.dimension - labels, 0))
      + [Double](repeating: 0, count: labels)
    let similarity = try similarity.withBandwidths(any).resolved(for: sample.keys)
    try KernelSmoother.validate(
      degree: degree, similarity, isCausal: isCausal, accuracy: computation.accuracy)
    self.sample = sample
    self.emptyWindow = emptyWindow
    self.computation = computation
    values = ScaledValues(sample.values)
    problem = KernelSumProblem(
      keys: sample.keys, columns: values.scaled, observationWeights: sample.weights,
      similarity: similarity, degree: degree, isCausal: isCausal)
  }

  /// The estimator with given bandwidths.
  ///
  /// - Parameters:
  ///   - isPlanned: whether it is asked for sums of all keys; otherwise nothing is prepared.
  ///   - queryCount: how many rows it is asked for, if not for as many as the computation expects.
  func smoother(
    _ bandwidths: [Double], isPlanned: Bool = true, queryCount: Int? = nil
  ) throws(KernelRegressionError) -> KernelSmoother {
    var computation = computation
    if let queryCount { computation.queryCount = queryCount }
    if !isPlanned { computation.engine = .direct }
    let similarity = try problem.similarity.withBandwidths(bandwidths)
      .resolved(inputs: sample.keys.dimension)
    return try KernelSmoother(
      sample, values, problem.weighed(by: similarity), neighbors: nil, emptyWindow: emptyWindow,
      computation: computation)
  }
}
