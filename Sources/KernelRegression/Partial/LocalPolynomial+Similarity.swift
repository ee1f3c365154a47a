public import KernelSums
public import SimilarityKernels

extension LocalPolynomial {
  /// An estimator for keys under a similarity that is known beforehand, as that of a table of which the
  /// keys are a part.
  ///
  /// Other initializers count the levels of a label among the keys; here they are those of the
  /// similarity, and keys may all be of one level. Observation weights may all be 0.
  ///
  /// - Parameters: those of
  ///   ``init(keys:values:observationWeights:kernel:bandwidths:combination:labels:degree:emptyWindow:isCausal:engine:accuracy:queryCount:execution:)``.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, a weight is below 0, a
  ///   label is no level number, the accuracy is not positive, the degree is not from 0 to 3, or the engine
  ///   cannot serve.
  /// - Complexity: that of the engine's plan.
  public init(
    keys: Points, values: [[Double]], observationWeights: [Double]? = nil, similarity: Similarity,
    degree: Int = 0, engine: EngineChoice = .automatic, accuracy: Double? = nil,
    queryCount: Int? = nil, execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    guard (0...3).contains(degree) else {
      throw KernelRegressionError(.invalidDegree, "the degree \(degree) is not from 0 to 3")
    }
    guard keys.dimension == similarity.inputCount else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "keys have \(keys.dimension) inputs, the similarity has \(similarity.inputCount)")
    }
    try NadarayaWatson.validate(
      keys: keys, values: values, observationWeights: observationWeights, needsWeight: false)
    for input in similarity.bandwidths.count..<keys.dimension {
      _ = try NadarayaWatson.levels(of: keys, input)
    }
    self.init(
      base: try NadarayaWatson(
        keys: keys, values: values, observationWeights: observationWeights, similarity: similarity,
        degree: degree, emptyWindow: .notANumber, isCausal: false, engine: engine,
        accuracy: accuracy, queryCount: queryCount, execution: execution))
  }
}
