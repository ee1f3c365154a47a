public import KernelSums
public import SimilarityKernels

/// Kernel regression: attention pooling by similarity, and its local polynomials.
///
/// ```
/// β(q) = argmin over β of Σᵢ ωᵢ α(q, kᵢ) (vᵢ − Σ_a β_a ((kᵢ − q)/h)^a)²,   |a| ≤ p
/// ŷ(q) = β₀(q),   ∂ŷ/∂qⱼ ≈ βⱼ(q)/hⱼ
/// ```
///
/// Each query q attends to the keys kᵢ by their similarity α and pools their values vᵢ; ω are observation
/// weights, ones unless given. Degree p = 0 is the Nadaraya–Watson estimator, the mean of the values under the
/// attention weights:
///
/// ```
/// ŷ(q) = Σᵢ ωᵢ α(q, kᵢ) vᵢ / Σⱼ ωⱼ α(q, kⱼ)
/// ```
///
/// ```swift
/// let sample = try Sample(times, readings)
/// let line = try KernelSmoother(sample, Similarity(.gaussian, bandwidths: [0.5]), degree: 1)
/// let estimates = try line.predict(at: .points([0.1, 0.2, 0.3])).values
/// ```
///
/// Degree 1 reproduces lines, so neither the ends of the data nor an uneven spread of keys biases it to
/// first order; degrees 2 and 3 follow curvature, at the price of more variance. Degree 1 is attention
/// whose values are corrected to first order.
///
/// The value at a query is determined where all best-fitting polynomials agree on it. Single slopes need
/// not be: an input that does not vary, one that is a multiple of another, or both dummies of a label do
/// not lower the degree where the query satisfies the same relation. Slopes that are not determined are
/// NaN. Where the value itself is not determined, for example by a single key elsewhere, the highest
/// degree that determines it is used, and ``Predictions/loweredDegrees`` lists the query. Nothing is
/// regularised. Where no key has weight, the ``EmptyWindowPolicy`` decides.
///
/// In one input keys are taken as exact. In several, rounding must not turn 0.3 times another input into
/// a separate input: an input follows from others if moving each coordinate by at most 2⁻⁵¹ of its
/// magnitude, two to four units in its last place, makes it so. An input that differs by more, however
/// little, is separate.
///
/// ## Accuracy
/// Degree 0: at every query, however far from the keys, within 1e-12 of the exact ratio in one input and in
/// more than three, up to 50, and within 1e-9 in two and three, where some kernels are approximated
/// unless `accuracy` asks for more. Errors are relative to Σωα|v|/Σωα, or to 10⁻⁹ of the largest |v|
/// where that is larger and an engine approximates.
///
/// Degrees 1 to 3: values within 1e-9, gradients times the bandwidth likewise, relative to the largest
/// |v| in reach or to themselves. They come from moments where these determine the polynomial well;
/// elsewhere (far from the keys, in gaps, where keys nearly coincide) from least squares over the keys
/// themselves in pairs of doubles. In one input, and at degree 1, keys may differ by as little as doubles
/// can tell apart; at degrees 2 and 3 in several inputs there are 32 digits, less those lost where three
/// or four keys nearly coincide.
///
/// ## Source
/// E. A. Nadaraya, On estimating regression, Theory of Probability and its Applications 9 (1964),
/// doi:10.1137/1109020. G. S. Watson, Smooth regression analysis, Sankhyā A 26 (1964). J. Fan and I. Gijbels,
/// Local Polynomial Modelling and Its Applications (Chapman & Hall, 1996), chapters 2 and 3. D. Ruppert and
/// M. P. Wand, Multivariate locally weighted least squares regression, Annals of Statistics 22 (1994),
/// doi:10.1214/aos/1176325632.
public struct KernelSmoother: Sendable {
  /// The keys with their values.
  public let sample: Sample

  /// α: kernel, bandwidths, labels and how inputs combine, with the number of levels of each label.
  public var similarity: Similarity { problem.similarity }

  /// p, from 0 to 3.
  public var degree: Int { problem.degree }

  /// How bandwidths follow from the nearest keys; nil if the similarity gives them.
  public let neighbors: NeighborBandwidths?

  /// The prediction where no key supports a query.
  public internal(set) var emptyWindow: EmptyWindowPolicy

  /// The prediction where a polynomial extrapolates.
  public var extrapolation = ExtrapolationPolicy.keep

  /// Whether a query attends only to keys that are not later, by the first input.
  public var isCausal: Bool { problem.isCausal }

  /// How the estimator computes.
  ///
  /// Engine, accuracy and expected queries take effect only at creation; the rest may be changed.
  public var computation: Computation

  /// The engine that computes the sums, and why it was chosen.
  public let engineChoice: ChosenEngine

  /// The request for an engine, repeated for estimators made from this one.
  private var plan: Plan

  private struct Plan: Sendable {
    var engine: EngineChoice
    var accuracy: Double?
    var queryCount: Int?
  }

  /// Sums over all keys.
  var engine: any KernelSumEngine

  /// The weights of single keys.
  let keyWeights: any KeyWeights

  let problem: KernelSumProblem

  let scaledValues: ScaledValues

  /// An estimator for keys in any number of inputs and any number of value columns.
  ///
  /// - Parameters:
  ///   - sample: keys, values and observation weights, not all 0.
  ///   - similarity: the kernel with a bandwidth for each input, or a single one for all. If it has
  ///     labels, they are the last inputs; the polynomial uses the continuous inputs. With `neighbors`,
  ///     bandwidths are the units of distances over several inputs; the default is a standard deviation
  ///     from the quartiles, or the range where those are equal.
  ///   - degree: p, from 0 to 3; 0 where all inputs are labels or bandwidths follow from neighbours.
  ///   - neighbors: how bandwidths follow from the nearest keys, in place of fixed ones; see
  ///     ``/KernelSums/NeighborBandwidths``.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - isCausal: whether a query attends only to keys that are not later: to key k where k₀ ≤ q₀, the
  ///     first input being time. Keys of the same time attend to each other. Later keys then never change
  ///     the curve at earlier times.
  ///   - computation: engine, accuracy, threads, progress and cancellation.
  /// - Throws: ``KernelRegressionError`` if a label is not a level number; a bandwidth, the degree or the
  ///   accuracy is out of range; there are fewer keys than neighbours; the engine is unsuitable; or a
  ///   causal estimator has labels only.
  /// - Complexity: that of the engine's plan, O(n·(d + p)) for most.
  public init(
    _ sample: Sample, _ similarity: Similarity, degree: Int = 0,
    neighbors: NeighborBandwidths? = nil, emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    try sample.requireWeight()
    try self.init(
      part: sample, similarity, degree: degree, neighbors: neighbors, emptyWindow: emptyWindow,
      isCausal: isCausal, computation: computation)
  }

  /// An estimator for one input and one value column.
  ///
  /// ```swift
  /// let estimates = try NadarayaWatson(times, readings, bandwidth: 0.5).predict([0.1, 0.2])
  /// ```
  ///
  /// - Parameters:
  ///   - keys: n finite numbers.
  ///   - values: n finite numbers.
  ///   - kernel: the similarity as a function of scaled distance.
  ///   - bandwidth: the width of the kernel, in the units of the keys.
  ///   - degree: p, from 0 to 3.
  /// - Throws: ``KernelRegressionError``, as the initializers of ``Sample`` and the estimator do.
  /// - Complexity: that of the engine's plan, O(n) for most.
  public init(
    _ keys: [Double], _ values: [Double], kernel: Kernel = .gaussian, bandwidth: Double,
    degree: Int = 0
  ) throws(KernelRegressionError) {
    try self.init(
      Sample(keys, values), Similarity(kernel, bandwidths: [bandwidth]), degree: degree)
  }

  /// The same for part of a table, which may have no weight at all.
  package init(
    part sample: Sample, _ similarity: Similarity, degree: Int = 0,
    neighbors: NeighborBandwidths? = nil, emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    var similarity = similarity
    if let neighbors {
      try Self.validate(
        neighbors, sample, similarity, degree: degree, isCausal: isCausal,
        engine: computation.engine)
      if similarity.bandwidths.isEmpty {
        similarity = Similarity(
          similarity.kernel, bandwidths: BandwidthRange.widths(of: sample.keys),
          combination: similarity.combination)
      }
    }
    similarity = try similarity.resolved(for: sample.keys)
    try Self.validate(
      degree: degree, similarity, isCausal: isCausal, accuracy: computation.accuracy)
    let values = ScaledValues(sample.values)
    try self.init(
      sample, values,
      KernelSumProblem(
        keys: sample.keys, columns: values.scaled, observationWeights: sample.weights,
        similarity: similarity, degree: degree, isCausal: isCausal),
      neighbors: neighbors, emptyWindow: emptyWindow, computation: computation)
  }

  /// The same from arguments that have been checked.
  init(
    _ sample: Sample, _ values: ScaledValues, _ problem: KernelSumProblem,
    neighbors: NeighborBandwidths?, emptyWindow: EmptyWindowPolicy, computation: Computation
  ) throws(KernelRegressionError) {
    self.sample = sample
    self.problem = problem
    scaledValues = values
    self.neighbors = neighbors
    self.emptyWindow = emptyWindow
    self.computation = computation
    plan = Plan(
      engine: computation.engine, accuracy: computation.accuracy,
      queryCount: computation.queryCount)
    let execution = computation.execution.silent
    if let neighbors {
      let neighborEngine = NeighborEngine(problem, neighbors: neighbors, execution: execution)
      engine = neighborEngine
      keyWeights = neighborEngine
      engineChoice = ChosenEngine(
        name: NeighborEngine.name, reason: "the nearest keys determine the bandwidths")
      return
    }
    do {
      let planned = try computation.engine.engine(
        for: problem, queryCount: computation.queryCount, accuracy: computation.accuracy,
        execution: execution)
      engine = planned.engine
      keyWeights = problem.keyWeights
      engineChoice = planned.choice
    } catch {
      throw KernelRegressionError(.unsuitableEngine, error.description)
    }
  }

  /// The same estimator with other bandwidths.
  ///
  /// It keeps what does not depend on the bandwidths, such as the order of the keys, so a path of
  /// bandwidths costs less than as many new estimators.
  ///
  /// - Parameter bandwidths: one for each input, in its units, labels last; without labels, a single one
  ///   applies to all.
  /// - Throws: ``KernelRegressionError`` if a bandwidth is out of range or the requested engine is
  ///   unsuitable.
  /// - Complexity: that of the engine's plan.
  public func withBandwidths(
    _ bandwidths: [Double]
  ) throws(KernelRegressionError) -> KernelSmoother {
    let similarity = try similarity.withBandwidths(bandwidths).resolved(inputs: keys.dimension)
    return try planned(problem.weighed(by: similarity))
  }

  /// The same keys and similarity with local polynomials of another degree.
  func ofDegree(_ degree: Int) throws(KernelRegressionError) -> KernelSmoother {
    try planned(problem.ofDegree(degree))
  }

  /// The same estimator with an engine for this many queries, if it was planned for far fewer.
  ///
  /// The fastest engine for few queries visits all pairs, which takes very long for as many queries as
  /// keys.
  func planned(forQueries count: Int) throws(KernelRegressionError) -> KernelSmoother {
    guard plan.engine == .automatic, neighbors == nil,
      let expected = plan.queryCount, count > 2 * expected
    else { return self }
    var estimator = self
    estimator.plan.queryCount = count < keys.count ? count : nil
    return try estimator.planned(problem)
  }

  /// The same keys and similarity with other values, finite ones.
  func withValues(_ values: [[Double]]) throws(KernelRegressionError) -> KernelSmoother {
    let scaled = ScaledValues(values)
    var estimator = try KernelSmoother(
      Sample(checked: keys, values, observationWeights), scaled,
      KernelSumProblem(
        keys: keys, columns: scaled.scaled, observationWeights: observationWeights,
        similarity: similarity, degree: degree, isCausal: isCausal),
      neighbors: neighbors, emptyWindow: emptyWindow, computation: plannedComputation)
    estimator.extrapolation = extrapolation
    return estimator
  }

  /// The same estimator with an engine for other sums of the same values.
  private func planned(
    _ problem: KernelSumProblem
  ) throws(KernelRegressionError) -> KernelSmoother {
    var estimator = try KernelSmoother(
      sample, scaledValues, problem, neighbors: neighbors, emptyWindow: emptyWindow,
      computation: plannedComputation)
    estimator.extrapolation = extrapolation
    return estimator
  }

  private var plannedComputation: Computation {
    Computation(
      execution, engine: plan.engine, accuracy: plan.accuracy, queryCount: plan.queryCount)
  }
}

extension KernelSmoother {
  /// The keys, shape `[n, d]`.
  package var keys: Points { sample.keys }

  /// The values, one array of n for each value column.
  package var values: [[Double]] { sample.values }

  /// The observation weights ω; nil if all are 1.
  package var observationWeights: [Double]? { sample.weights }

  /// How the loops run.
  package var execution: Execution {
    get { computation.execution }
    set { computation.execution = newValue }
  }

  /// What each value column is divided by before it is summed.
  var valueScales: [Double] { scaledValues.scales }
}

/// The Nadaraya–Watson estimator, by its usual name: a smoother of degree 0 unless another is given.
public typealias NadarayaWatson = KernelSmoother
