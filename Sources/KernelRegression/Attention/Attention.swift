public import KernelSums
public import SimilarityKernels

/// Attention pooling with any score: kernels, dot products, cosines; softmax, sparsemax, entmax; masks.
///
/// ```
/// ŷ(q) = Σᵢ pᵢ vᵢ,   p = the shares of zᵢ = score(q, kᵢ) over the keys that the mask allows
/// ```
///
/// Scores become shares by an ``/SimilarityKernels/AttentionNormalization``. With the score ln α and
/// softmax this is the Nadaraya–Watson estimator with observation weights ω, whose logarithms are added
/// to the scores.
///
/// ```swift
/// let attention = try Attention(
///   Sample(keys: places, values: [prices]), normalization: .sparsemax, mask: .causal)
/// let estimates = try attention.predict(at: .points(places)).values
/// ```
///
/// It visits every pair of query and key. For kernels under softmax without a mask, ``KernelSmoother``
/// gives the same result in near-linear time.
///
/// ## Accuracy
/// For kernels an estimate is within 1e-12 of the exact one, relative to Σp|v|. For other scores, add
/// twice their rounding, (d + 3)·2⁻⁵³·s·Σ|qⱼkⱼ|. Scores that overflow give no NaN: the largest wins, and
/// ties share.
///
/// ## Source
/// A. Vaswani et al., Attention is all you need, Advances in Neural Information Processing Systems 30
/// (2017), arXiv:1706.03762.
public struct Attention: AttentionPooling {
  /// The keys with their values.
  public let sample: Sample

  /// How well a key matches a query.
  public var score: AttentionScore { rows.score }

  /// How scores become shares.
  public var normalization: AttentionNormalization { rows.normalization }

  /// Which keys a query attends to.
  public var mask: AttentionMask { rows.mask }

  /// The prediction where a query attends to no key.
  public let emptyWindow: EmptyWindowPolicy

  /// How the computation runs; engine and accuracy are ignored.
  public var computation: Computation

  let rows: AttentionRows
  let scaledValues: ScaledValues

  /// Attention over keys in any number of inputs, with any number of value columns.
  ///
  /// - Parameters:
  ///   - sample: keys, values and observation weights, not all 0. Sparsemax and entmax need equal
  ///     weights, because there a row of weight 2 is not the same as two rows.
  ///   - score: how well a key answers a query.
  ///   - normalization: how scores become shares.
  ///   - mask: which keys a query attends to. Queries are counted from 0.
  ///   - emptyWindow: what is predicted where a query attends to no key. Nearest keys and means
  ///     are taken among the keys that the mask allows; NaN where it allows none.
  ///   - computation: threads, instruction set, progress, cancellation.
  /// - Throws: ``KernelRegressionError`` if the mask belongs to other keys, weights differ under
  ///   sparsemax or entmax, or the score or α is out of range.
  /// - Complexity: O(n·(d + p)).
  public init(
    _ sample: Sample, score: AttentionScore = .dotProduct(),
    normalization: AttentionNormalization = .softmax, mask: AttentionMask = .none,
    emptyWindow: EmptyWindowPolicy = .notANumber, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    try sample.requireWeight()
    let keys = sample.keys
    var score = score
    if case .kernel(let similarity) = score { score = .kernel(try similarity.resolved(for: keys)) }
    try Self.validate(score, inputs: keys.dimension)
    try Self.validate(normalization, observationWeights: sample.weights)
    if case .keys(let mask) = mask, mask.count != keys.count {
      throw KernelRegressionError(
        .dimensionMismatch,
        "the mask has length \(mask.count), but the number of keys is \(keys.count)")
    }
    self.sample = sample
    self.emptyWindow = emptyWindow
    self.computation = computation
    scaledValues = ScaledValues(sample.values)
    rows = AttentionRows(
      keys: keys, observationWeights: sample.weights, score: score, normalization: normalization,
      mask: mask)
  }
}

extension Attention {
  /// The keys, shape `[n, d]`.
  package var keys: Points { sample.keys }

  /// The values, one array of n for each value column.
  package var values: [[Double]] { sample.values }

  var observationWeights: [Double]? { sample.weights }

  /// How the loops run.
  package var execution: Execution {
    get { computation.execution }
    set { computation.execution = newValue }
  }
}
