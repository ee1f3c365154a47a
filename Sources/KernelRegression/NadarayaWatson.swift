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
/// unless `accuracy` asks for more; relative to the ratio of Σωα|v|.
///
/// ## Source
/// E. A. Nadaraya, On estimating regression, Theory of Probability and its Applications 9 (1964),
/// doi:10.1137/1109020. G. S. Watson, Smooth regression analysis, Sankhyā A 26 (1964).
public struct NadarayaWatson: Sendable {
  /// The keys, shape `[n, d]`, labels after the continuous inputs.
  public var keys: Points { problem.keys }

  /// The values, one array of n for each value column.
  public let values: [[Double]]

  /// The observation weights ω; nil stands for ones.
  public var observationWeights: [Double]? { problem.observationWeights }

  /// α: kernel, bandwidths, labels and how inputs combine.
  public var similarity: Similarity { problem.similarity }

  /// What is predicted where no key supports a query.
  public internal(set) var emptyWindowPolicy: EmptyWindowPolicy

  /// How the computation runs.
  public var execution: Execution

  /// The name of the engine that computes the sums, and why it does.
  public let engineChoice: (name: String, reason: String)

  /// How bandwidths follow from nearest keys; nil where they are those of the similarity.
  public var neighbors: NeighborBandwidths? { plan.neighbors }

  let engine: any KernelSumEngine
  let problem: KernelSumProblem

  /// What was asked of the choice of engine.
  private let plan: Plan

  private struct Plan {
    let engine: EngineChoice
    let accuracy: Double?
    let queryCount: Int?
    let neighbors: NeighborBandwidths?
  }

  /// Values are divided by a power of two where sums of them could leave the range of doubles.
  let valueScales: [Double]

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
  ///   - engine: how sums are computed; results agree within the accuracy whatever is chosen.
  ///   - accuracy: the bound on an estimate's error, relative to the ratio of Σωα|v|, where the
  ///     engine approximates; 1e-12 in one input and 1e-9 in several unless given. At most 0.1.
  ///   - queryCount: how many queries are expected, which decides which engine is the fastest; as
  ///     many as keys unless given.
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, a weight is
  ///   below 0, a label is no level number, a bandwidth or the accuracy is out of range, or the engine
  ///   cannot serve.
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
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    queryCount: Int? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try self.init(
      keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
      bandwidths: bandwidths, combination: combination, labels: labels, degree: 0,
      emptyWindow: emptyWindow, engine: engine, accuracy: accuracy, queryCount: queryCount,
      execution: execution)
  }

  /// The same for the sums of local polynomials.
  init(
    keys: Points, values: [[Double]], observationWeights: [Double]?, kernel: Kernel,
    bandwidths: [Double], combination: InputCombination, labels: [LabelKernel], degree: Int,
    emptyWindow: EmptyWindowPolicy, engine: EngineChoice, accuracy: Double?, queryCount: Int?,
    execution: Execution
  ) throws(KernelRegressionError) {
    try Self.validate(keys: keys, values: values, observationWeights: observationWeights)
    let similarity = try Self.similarity(
      of: keys, kernel: kernel, bandwidths: bandwidths, combination: combination, labels: labels)
    guard degree == 0 || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .invalidDegree, "labels alone make no polynomial of degree \(degree)")
    }
    if let accuracy, !(accuracy > 0 && accuracy <= 0.1) {
      throw KernelRegressionError(
        .invalidAccuracy, "the accuracy \(accuracy) is not a number above 0 and at most 0.1")
    }
    let scales = values.map(Self.scale(of:))
    let problem = KernelSumProblem(
      keys: keys,
      columns: zip(values, scales).map { column, scale in
        scale == 1 ? column : column.map { $0 / scale }
      },
      observationWeights: observationWeights,
      similarity: similarity, degree: degree)
    try self.init(
      problem, values: values, valueScales: scales, emptyWindow: emptyWindow, engine: engine,
      accuracy: accuracy, queryCount: queryCount, execution: execution)
  }

  init(
    _ problem: KernelSumProblem, values: [[Double]], valueScales: [Double],
    emptyWindow: EmptyWindowPolicy, engine: EngineChoice, accuracy: Double?, queryCount: Int?,
    neighbors: NeighborBandwidths? = nil, execution: Execution
  ) throws(KernelRegressionError) {
    self.problem = problem
    self.values = values
    self.valueScales = valueScales
    emptyWindowPolicy = emptyWindow
    self.execution = execution
    plan = Plan(engine: engine, accuracy: accuracy, queryCount: queryCount, neighbors: neighbors)
    if let neighbors {
      self.engine = NeighborEngine(problem, neighbors: neighbors, execution: execution.silent)
      engineChoice = (NeighborEngine.name, "bandwidths follow from nearest keys")
      return
    }
    do {
      let chosen = try engine.engine(
        for: problem, queryCount: queryCount, accuracy: accuracy, execution: execution.silent)
      self.engine = chosen.engine
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
    return try NadarayaWatson(
      problem.weighed(by: similarity.withInputBandwidths(bandwidths)),
      values: values, valueScales: valueScales, emptyWindow: emptyWindowPolicy,
      engine: plan.engine, accuracy: plan.accuracy, queryCount: plan.queryCount,
      neighbors: plan.neighbors,
      execution: execution)
  }

  /// The same keys and similarity for local polynomials of another degree.
  func ofDegree(_ degree: Int) throws(KernelRegressionError) -> NadarayaWatson {
    try NadarayaWatson(
      problem.ofDegree(degree), values: values, valueScales: valueScales,
      emptyWindow: emptyWindowPolicy, engine: plan.engine, accuracy: plan.accuracy,
      queryCount: plan.queryCount, neighbors: plan.neighbors, execution: execution)
  }

  /// The same keys and similarity with other values, finite ones.
  func withValues(_ values: [[Double]]) throws(KernelRegressionError) -> NadarayaWatson {
    let scales = values.map(Self.scale(of:))
    return try NadarayaWatson(
      KernelSumProblem(
        keys: keys,
        columns: zip(values, scales).map { column, scale in column.map { $0 / scale } },
        observationWeights: observationWeights, similarity: similarity, degree: problem.degree),
      values: values, valueScales: scales, emptyWindow: emptyWindowPolicy, engine: plan.engine,
      accuracy: plan.accuracy, queryCount: plan.queryCount, neighbors: plan.neighbors,
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
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``KernelRegressionError``, as the initializer for several inputs does.
  /// - Complexity: O(n).
  public init(
    keys: [Double],
    values: [Double],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    bandwidth: Double,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try self.init(
      keys: Points(keys), values: [values], observationWeights: observationWeights,
      kernel: kernel, bandwidths: [bandwidth], emptyWindow: emptyWindow, execution: execution)
  }

  /// A power of two by which no sum of the values overflows nor a large part of it underflows.
  ///
  /// It is 1 for values of any usual size, and leaves small values among large ones their digits.
  static func scale(of column: [Double]) -> Double {
    switch column.largestMagnitude {
    case 0x1p900...: 0x1p128
    case ..<0x1p-800: 0x1p-700
    default: 1
    }
  }
}
