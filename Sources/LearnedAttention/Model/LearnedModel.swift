public import KernelRegression
public import KernelSums
package import SimilarityKernels

/// A learned similarity with its keys and the values that it pools.
///
/// ```
/// ŷ(q) = Σᵢ ωᵢ α(q, kᵢ) vᵢ / Σⱼ ωⱼ α(q, kⱼ),     α = exp(s) of a LearnedSimilarity
/// ```
///
/// With a distance this is the Nadaraya–Watson estimator with the Gaussian kernel in the projected
/// inputs, computed as by ``/KernelRegression/KernelSmoother``; a metric of rank 1 to 3 has engines that
/// do not visit every pair. With projections it is softmax attention.
public struct LearnedModel: Sendable {
  /// The similarity s.
  public let similarity: LearnedSimilarity

  /// The keys with their values and observation weights.
  public let sample: Sample

  /// The names of the inputs; nil if unknown.
  public var inputNames: [String]?

  /// The names of the value columns; nil if unknown.
  public var valueNames: [String]?

  /// The names of the levels of each factor, in the order of their numbers; empty if unknown.
  public var levels: [[String]] = []

  /// How predictions are computed; engine, accuracy and expected queries are ignored.
  public var computation: Computation {
    didSet { estimator.execution = computation.execution }
  }

  /// How the loops run.
  package var execution: Execution {
    get { computation.execution }
    set { computation.execution = newValue }
  }

  private(set) var estimator: Estimator

  /// The estimator in the projected inputs.
  enum Estimator: Sendable {
    case distance(KernelSmoother)
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
  ///   - similarity: has as many inputs as the keys.
  ///   - sample: keys in the units that the similarity was learned in, values and observation weights, not all
  ///     0.
  ///   - computation: threads, instruction set, progress, cancellation.
  /// - Throws: ``/KernelRegression/KernelRegressionError`` if shapes disagree or a level is invalid.
  /// - Complexity: O(n·r·D).
  public init(
    _ similarity: LearnedSimilarity, _ sample: Sample, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    try sample.requireWeight()
    self.similarity = similarity
    self.sample = sample
    self.computation = computation
    let projected = try similarity.projectedKeys(sample.keys)
    try Sample.validateFinite(Points(columns: projected), called: "projected key")
    estimator =
      if similarity.isDistance {
        .distance(
          try KernelSmoother(
            Sample(
              keys: Points(columns: projected), values: sample.values, weights: sample.weights),
            Similarity(bandwidths: [1]), computation: Computation(computation.execution)))
      } else {
        .product(
          ProductEstimator(
            keys: projected, values: sample.values, observationWeights: sample.weights,
            execution: computation.execution))
      }
  }
}

extension LearnedModel {
  /// The keys, shape `[n, d]`.
  package var keys: Points { sample.keys }

  /// The values, one array of n for each value column.
  package var values: [[Double]] { sample.values }

  package var observationWeights: [Double]? { sample.weights }
}
