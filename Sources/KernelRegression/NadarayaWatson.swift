public import KernelSums
public import SimilarityKernels

/// The Nadaraya–Watson estimator: attention pooling by similarity.
///
/// ```
/// ŷ(q) = Σᵢ ωᵢ α(q, kᵢ) vᵢ / Σⱼ ωⱼ α(q, kⱼ)
/// ```
///
/// Each query q attends to the keys kᵢ by their similarity α and pools their values vᵢ; ω are
/// observation weights, ones unless given.
///
/// ```swift
/// let smoother = try NadarayaWatson(keys: times, values: readings, bandwidth: 0.5)
/// let estimates = try smoother.predict([0.1, 0.2, 0.3])
/// ```
///
/// ## Accuracy
/// At every query, however far from the keys, within 1e-12 of the exact ratio in one input and in
/// more than three, up to 50, and within 1e-9 in two and three, where some kernels are approximated
/// unless `accuracy` asks for more; relative to the ratio of Σωα|v|, and where that is less than 10⁻⁹ of the
/// largest |v| and an engine approximates, to this.
///
/// ## Source
/// E. A. Nadaraya, On estimating regression, Theory of Probability and its Applications 9 (1964),
/// doi:10.1137/1109020. G. S. Watson, Smooth regression analysis, Sankhyā A 26 (1964).
public struct NadarayaWatson: Sendable {
  /// The keys, shape `[n, d]`, labels after the continuous inputs.
  public var keys: Points { problem.keys }

  /// The values, one array of n for each value column.
  public var values: [[Double]] { scaledValues.columns }

  /// The observation weights ω; nil stands for ones.
  public var observationWeights: [Double]? { problem.observationWeights }

  /// α: kernel, bandwidths, labels and how inputs combine.
  public var similarity: Similarity { problem.similarity }

  /// The prediction where no key supports a query.
  public internal(set) var emptyWindowPolicy: EmptyWindowPolicy

  /// How the computation runs.
  public var execution: Execution

  /// The name of the engine that computes the sums, and why it does.
  public let engineChoice: (name: String, reason: String)

  /// Whether a query attends only to keys that are not later, by the first input.
  public var isCausal: Bool { problem.isCausal }

  /// How bandwidths follow from nearest keys; nil if the similarity gives them.
  public var neighbors: NeighborBandwidths? { plan.neighbors }

  let engine: any KernelSumEngine
  let problem: KernelSumProblem

  let scaledValues: ScaledValues

  private(set) var plan: Plan

  /// What a polynomial predicts where it extrapolates.
  var extrapolationPolicy: ExtrapolationPolicy {
    get { plan.extrapolation }
    set { plan.extrapolation = newValue }
  }

  /// What was asked of the choice of engine.
  struct Plan: Sendable {
    var engine = EngineChoice.automatic
    var accuracy: Double?
    var queryCount: Int?
    var neighbors: NeighborBandwidths?
    var extrapolation = ExtrapolationPolicy.keep
  }

  /// What each value column is divided by before it is summed.
  var valueScales: [Double] { scaledValues.scales }

  /// An estimator for keys in any number of inputs and any number of value columns.
  ///
  /// The last inputs may be labels, which hold level numbers 0, 1, 2, … and have kernels of their own:
  ///
  /// ```swift
  /// let smoother = try NadarayaWatson(
  ///   keys: Points(columns: [age, trade, grade]), values: [wage], bandwidths: [4, 0.1, 0.3],
  ///   labels: [.aitchisonAitken, .orderedLiRacine])
  /// ```
  ///
  /// - Parameters:
  ///   - keys: shape `[n, d]`; finite.
  ///   - values: one array of n finite numbers for each value column.
  ///   - observationWeights: n finite numbers, none below 0 and not all 0.
  ///   - kernel: the similarity as a function of scaled distance.
  ///   - bandwidths: one for each input, in its units; for a label λ in the range of its kernel.
  ///     Without labels a single one may stand for all.
  ///   - combination: how the continuous inputs make one similarity.
  ///   - labels: the kernels of the last inputs, in their order. The number of a label's levels, which
  ///     some kernels look at, is that of the different ones among the keys.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - isCausal: whether a query attends only to keys that are not later: to key k where k₀ ≤ q₀, the
  ///     first input being time. Keys of the same time attend to each other. A curve over time then
  ///     does not change where it was drawn when later keys come.
  ///   - engine: how sums are computed; results agree within the accuracy whatever is chosen.
  ///   - accuracy: the bound on an estimate's error, relative to the ratio of Σωα|v| or 10⁻⁹ of the
  ///     largest |v| if that is more, where the engine approximates; 1e-12 in one input and 1e-9 in several
  ///     unless given. At most 0.1.
  ///   - queryCount: how many queries are expected, which decides which engine is the fastest; as
  ///     many as keys unless given.
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, a weight is
  ///   below 0, a label is no level number, a bandwidth or the accuracy is out of range, the engine
  ///   cannot serve, or labels alone are to be causal.
  /// - Complexity: that of the engine's plan, O(n·(d + p)) for most.
  public init(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    bandwidths: [Double],
    combination: InputCombination = .product,
    labels: [LabelKernel] = [],
    emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    queryCount: Int? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try self.init(
      keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
      bandwidths: bandwidths, combination: combination, labels: labels, degree: 0,
      emptyWindow: emptyWindow, isCausal: isCausal, engine: engine, accuracy: accuracy,
      queryCount: queryCount, execution: execution)
  }

  /// The same for the sums of local polynomials.
  init(
    keys: Points, values: [[Double]], observationWeights: [Double]?, kernel: Kernel,
    bandwidths: [Double], combination: InputCombination, labels: [LabelKernel], degree: Int,
    emptyWindow: EmptyWindowPolicy, isCausal: Bool, engine: EngineChoice, accuracy: Double?,
    queryCount: Int?, execution: Execution
  ) throws(KernelRegressionError) {
    try Self.validate(keys: keys, values: values, observationWeights: observationWeights)
    try self.init(
      keys: keys, values: values, observationWeights: observationWeights,
      similarity: Self.similarity(
        of: keys, kernel: kernel, bandwidths: bandwidths, combination: combination, labels: labels),
      degree: degree, emptyWindow: emptyWindow, isCausal: isCausal, engine: engine,
      accuracy: accuracy, queryCount: queryCount, execution: execution)
  }

  /// The same of a table that has been checked.
  init(
    keys: Points, values: [[Double]], observationWeights: [Double]?, similarity: Similarity,
    degree: Int, emptyWindow: EmptyWindowPolicy, isCausal: Bool, engine: EngineChoice,
    accuracy: Double?, queryCount: Int?, execution: Execution
  ) throws(KernelRegressionError) {
    guard degree == 0 || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .invalidDegree, "labels alone make no polynomial of degree \(degree)")
    }
    guard !isCausal || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .dimensionMismatch, "labels alone have no earlier and no later; time is a continuous input")
    }
    if let accuracy, !(accuracy > 0 && accuracy <= 0.1) {
      throw KernelRegressionError(
        .invalidAccuracy, "the accuracy \(accuracy) is not a number above 0 and at most 0.1")
    }
    let values = ScaledValues(values)
    try self.init(
      KernelSumProblem(
        keys: keys, columns: values.scaled, observationWeights: observationWeights,
        similarity: similarity, degree: degree, isCausal: isCausal),
      values: values, emptyWindow: emptyWindow,
      plan: Plan(engine: engine, accuracy: accuracy, queryCount: queryCount),
      execution: execution)
  }

  init(
    _ problem: KernelSumProblem, values: ScaledValues, emptyWindow: EmptyWindowPolicy, plan: Plan,
    execution: Execution
  ) throws(KernelRegressionError) {
    self.problem = problem
    scaledValues = values
    emptyWindowPolicy = emptyWindow
    self.execution = execution
    self.plan = plan
    if let neighbors = plan.neighbors {
      engine = NeighborEngine(problem, neighbors: neighbors, execution: execution.silent)
      engineChoice = (NeighborEngine.name, "bandwidths follow from nearest keys")
      return
    }
    do {
      let chosen = try plan.engine.engine(
        for: problem, queryCount: plan.queryCount, accuracy: plan.accuracy,
        execution: execution.silent)
      engine = chosen.engine
      engineChoice = (chosen.name, chosen.reason)
    } catch {
      throw KernelRegressionError(.unsuitableEngine, error.description)
    }
  }

  /// The same estimator with other bandwidths.
  ///
  /// What does not depend on the bandwidths, as the order of the keys does not, is kept, so that a
  /// path of bandwidths costs less than as many estimators.
  ///
  /// - Parameter bandwidths: one for each input, in its units, labels last; without labels a single
  ///   one may stand for all.
  /// - Throws: ``KernelRegressionError`` if a bandwidth is out of range or the engine that was asked
  ///   for cannot serve.
  /// - Complexity: that of the engine's plan.
  public func withBandwidths(
    _ bandwidths: [Double]
  ) throws(KernelRegressionError) -> NadarayaWatson {
    let bandwidths = try Self.validated(
      bandwidths, continuous: similarity.bandwidths.count,
      labels: similarity.labels.map { ($0.kernel, $0.levelCount) })
    return try planned(problem.weighed(by: similarity.withInputBandwidths(bandwidths)))
  }

  /// The same keys and similarity for local polynomials of another degree.
  func ofDegree(_ degree: Int) throws(KernelRegressionError) -> NadarayaWatson {
    try planned(problem.ofDegree(degree))
  }

  /// The same estimator with an engine for queries at all of its keys, where it was planned for fewer.
  ///
  /// What is the fastest for few queries visits all pairs, which for as many queries as keys has no end.
  func plannedForOwnKeys() throws(KernelRegressionError) -> NadarayaWatson {
    guard plan.engine == .automatic, plan.neighbors == nil,
      let count = plan.queryCount, count < keys.count
    else { return self }
    var plan = plan
    plan.queryCount = nil
    return try NadarayaWatson(
      problem, values: scaledValues, emptyWindow: emptyWindowPolicy, plan: plan,
      execution: execution)
  }

  /// The same keys and similarity with other values, finite ones.
  func withValues(_ values: [[Double]]) throws(KernelRegressionError) -> NadarayaWatson {
    let values = ScaledValues(values)
    return try planned(
      KernelSumProblem(
        keys: keys, columns: values.scaled, observationWeights: observationWeights,
        similarity: similarity, degree: problem.degree, isCausal: isCausal), values: values)
  }

  /// The same estimator for other sums.
  private func planned(
    _ problem: KernelSumProblem, values: ScaledValues? = nil
  ) throws(KernelRegressionError) -> NadarayaWatson {
    try NadarayaWatson(
      problem, values: values ?? scaledValues, emptyWindow: emptyWindowPolicy, plan: plan,
      execution: execution)
  }

  /// An estimator for one input and one value column.
  ///
  /// - Parameters:
  ///   - keys: n finite numbers.
  ///   - values: n finite numbers.
  ///   - observationWeights: n finite numbers, none below 0 and not all 0.
  ///   - kernel: the similarity as a function of scaled distance.
  ///   - bandwidth: the width of the kernel, in the units of the keys.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - isCausal: whether a query attends only to keys that are not greater.
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``KernelRegressionError``, as the initializer for several inputs does.
  /// - Complexity: that of the engine's plan, O(n) for most.
  public init(
    keys: [Double],
    values: [Double],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    bandwidth: Double,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try self.init(
      keys: Points(keys), values: [values], observationWeights: observationWeights,
      kernel: kernel, bandwidths: [bandwidth], emptyWindow: emptyWindow, isCausal: isCausal,
      execution: execution)
  }
}
