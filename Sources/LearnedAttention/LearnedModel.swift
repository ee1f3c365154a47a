public import KernelRegression
public import KernelSums
public import SimilarityKernels

/// A learned similarity with the keys that it attends to and the values that it pools.
///
/// ```
/// ŷ(q) = Σᵢ ωᵢ α(q, kᵢ) vᵢ / Σⱼ ωⱼ α(q, kⱼ),     α = exp(s) of a LearnedSimilarity
/// ```
///
/// Under a distance this is the Nadaraya–Watson estimator with the Gaussian kernel in the projected
/// inputs, computed as ``/KernelRegression/NadarayaWatson`` does; a metric of rank 1 to 3 has engines that
/// do not visit every pair. Under projections it is attention with softmax.
public struct LearnedModel: Sendable {
  /// The similarity s.
  public let similarity: LearnedSimilarity

  /// The keys as they were given, shape `[n, d]`, factors after the continuous inputs.
  public let keys: Points

  /// The values, one array of n for each value column.
  public let values: [[Double]]

  /// The observation weights ω; nil stands for ones.
  public let observationWeights: [Double]?

  /// The names of the inputs; nil if unknown.
  public var inputNames: [String]?

  /// The names of the value columns; nil if unknown.
  public var valueNames: [String]?

  /// The names of the levels of each factor, in the order of their numbers; empty if unknown.
  public var levels: [[String]] = []

  /// How predictions are computed.
  public var execution: Execution {
    didSet { estimator.execution = execution }
  }

  private(set) var estimator: Estimator

  /// What answers queries in the projected inputs.
  enum Estimator: Sendable {
    case distance(NadarayaWatson)
    case product(ProductEstimator)

    var execution: Execution {
      get {
        switch self {
        case .distance(let smoother): smoother.execution
        case .product(let products): products.execution
        }
      }
      set {
        switch self {
        case .distance(var smoother):
          smoother.execution = newValue
          self = .distance(smoother)
        case .product(var products):
          products.execution = newValue
          self = .product(products)
        }
      }
    }
  }

  /// Creates a model from parts that match each other.
  ///
  /// - Parameters:
  ///   - similarity: of as many inputs as the keys have.
  ///   - keys: shape `[n, d]`, in the units that the similarity was learned in; finite.
  ///   - values: one array of n finite numbers for each value column.
  ///   - observationWeights: n finite numbers, none below 0 and not all 0; nil for ones.
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if shapes disagree, a number is not finite, a
  ///   weight is below 0 or a level is none.
  /// - Complexity: O(n·r·D).
  public init(
    similarity: LearnedSimilarity, keys: Points, values: [[Double]],
    observationWeights: [Double]? = nil, execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try NadarayaWatson.validate(
      keys: keys, values: values, observationWeights: observationWeights)
    self.similarity = similarity
    self.keys = keys
    self.values = values
    self.observationWeights = observationWeights
    self.execution = execution
    let projected = try similarity.projectedKeys(keys)
    try NadarayaWatson.validateFinite(Points(columns: projected), called: "projected key")
    estimator =
      if similarity.isDistance {
        .distance(
          try NadarayaWatson(
            keys: Points(columns: projected), values: values,
            observationWeights: observationWeights, bandwidths: [1], execution: execution))
      } else {
        .product(
          ProductEstimator(
            keys: projected, values: values, observationWeights: observationWeights,
            execution: execution))
      }
  }
}
