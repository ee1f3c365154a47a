public import KernelSums
public import SimilarityKernels

/// Local polynomial regression: around each query a polynomial is fitted to the keys under their
/// similarity to it.
///
/// ```
/// β(q) = argmin over β of Σᵢ ωᵢ α(q, kᵢ) (vᵢ − Σ_a β_a ((kᵢ − q)/h)^a)²,   |a| ≤ p
/// ŷ(q) = β₀(q),   ∂ŷ/∂qⱼ ≈ βⱼ(q)/hⱼ
/// ```
///
/// Degree p = 0 is ``NadarayaWatson``. Degree 1 reproduces lines, so that neither the ends of the data
/// nor an uneven spread of keys bias it to first order; degrees 2 and 3 follow curvature, at the price of
/// more variance. Attention whose values are corrected to first order is degree 1.
///
/// The value at a query is determined where all polynomials that fit best agree there. Single slopes need not
/// be: an input that does not vary, one that is a multiple of another, or both dummies of a label cost no degree
/// where the query shares what they share. Slopes that are not determined are NaN. Where the value itself is
/// not determined, as by a single key elsewhere, the highest degree of which it is serves, and
/// ``Predictions/loweredDegrees`` tells where. Nothing is regularised. Where no key has weight, the
/// ``EmptyWindowPolicy`` decides, as for degree 0.
///
/// In one input keys are the doubles that they are. In several, rounding must not make an input out of another
/// one times 0.3: inputs follow from others where the keys come to lie so if each coordinate moves by at most
/// 2⁻⁵¹ of its magnitude, two to four units in its last place. What differs by more, however little, is an
/// input of its own.
///
/// ```swift
/// let line = try LocalPolynomial(
///   keys: Points(times), values: [readings], bandwidths: [0.5], degree: 1)
/// let estimates = try line.predict(Points([0.1, 0.2, 0.3])).values
/// ```
///
/// ## Accuracy
/// Values within 1e-9, gradients times the bandwidth likewise, of the largest |v| in reach or of themselves; by
/// moments where these determine the polynomial well, otherwise by least squares over the keys themselves in
/// pairs of doubles, far from the keys, in gaps and where keys nearly coincide. In one input, and at degree 1,
/// keys may differ by as little as doubles can tell apart; at degree 2 and 3 in several inputs the digits
/// are 32 less those by which three and four keys nearly coincide.
///
/// ## Source
/// J. Fan and I. Gijbels, Local Polynomial Modelling and Its Applications (Chapman & Hall, 1996),
/// chapters 2 and 3. D. Ruppert and M. P. Wand, Multivariate locally weighted least squares regression,
/// Annals of Statistics 22 (1994), doi:10.1214/aos/1176325632.
public struct LocalPolynomial: Sendable {
  /// p, from 0 to 3.
  public var degree: Int { base.problem.degree }

  /// The keys, shape `[n, d]`.
  public var keys: Points { base.keys }

  /// The values, one array of n for each value column.
  public var values: [[Double]] { base.values }

  /// The observation weights ω; nil stands for ones.
  public var observationWeights: [Double]? { base.observationWeights }

  /// α: kernel, bandwidths and how inputs combine.
  public var similarity: Similarity { base.similarity }

  /// Whether a query attends only to keys that are not later, by the first input.
  public var isCausal: Bool { base.isCausal }

  /// How bandwidths follow from nearest keys; nil if the similarity gives them.
  public var neighbors: NeighborBandwidths? { base.neighbors }

  /// The prediction where no key supports a query.
  public var emptyWindowPolicy: EmptyWindowPolicy { base.emptyWindowPolicy }

  /// The prediction where the polynomial extrapolates.
  public var extrapolationPolicy: ExtrapolationPolicy {
    get { base.extrapolationPolicy }
    set { base.extrapolationPolicy = newValue }
  }

  /// The name of the engine that computes the sums, and why it does.
  public var engineChoice: (name: String, reason: String) { base.engineChoice }

  /// How the computation runs.
  public var execution: Execution {
    get { base.execution }
    set { base.execution = newValue }
  }

  /// The keys, the policy and the engine.
  var base: NadarayaWatson

  /// An estimator for keys in any number of inputs and any number of value columns.
  ///
  /// - Parameters:
  ///   - keys: shape `[n, d]`; finite.
  ///   - values: one array of n finite numbers for each value column.
  ///   - observationWeights: n finite numbers, none below 0 and not all 0.
  ///   - kernel: the similarity as a function of scaled distance.
  ///   - bandwidths: one for each input, in its units, or a single one for all.
  ///   - combination: how the continuous inputs make one similarity.
  ///   - labels: the kernels of the last inputs, which hold level numbers; see ``NadarayaWatson``. The
  ///     polynomial is one of the continuous inputs.
  ///   - degree: p, from 0 to 3; 0 where all inputs are labels.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - isCausal: whether a query attends only to keys that are not later; see ``NadarayaWatson``.
  ///   - engine: how sums are computed; results agree within the accuracy whatever is chosen.
  ///   - accuracy: as for ``NadarayaWatson``.
  ///   - queryCount: how many queries are expected; as many as keys unless given.
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, a weight is
  ///   below 0, a bandwidth or the accuracy is not positive, the degree is not from 0 to 3, or the
  ///   engine cannot serve.
  /// - Complexity: that of the engine's plan.
  public init(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    bandwidths: [Double],
    combination: InputCombination = .product,
    labels: [LabelKernel] = [],
    degree: Int,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    queryCount: Int? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    guard (0...3).contains(degree) else {
      throw KernelRegressionError(.invalidDegree, "the degree \(degree) is not from 0 to 3")
    }
    base = try NadarayaWatson(
      keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
      bandwidths: bandwidths, combination: combination, labels: labels, degree: degree,
      emptyWindow: emptyWindow, isCausal: isCausal, engine: engine, accuracy: accuracy,
      queryCount: queryCount, execution: execution)
  }

  /// The polynomial of degree 0.
  public init(_ estimator: NadarayaWatson) { base = estimator }

  init(base: NadarayaWatson) { self.base = base }

  /// The same estimator with other bandwidths; what does not depend on them is kept.
  ///
  /// - Parameter bandwidths: one for each input, in its units, or a single one for all.
  /// - Throws: ``KernelRegressionError`` if a bandwidth is not positive or the engine that was asked
  ///   for cannot serve.
  /// - Complexity: that of the engine's plan.
  public func withBandwidths(
    _ bandwidths: [Double]
  ) throws(KernelRegressionError) -> LocalPolynomial {
    LocalPolynomial(base: try base.withBandwidths(bandwidths))
  }
}
