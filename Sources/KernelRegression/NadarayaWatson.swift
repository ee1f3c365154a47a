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
  /// The keys, shape `[n, d]`.
  public var keys: Points { problem.keys }

  /// The values, one array of n for each value column.
  public let values: [[Double]]

  /// The observation weights ω; nil stands for ones.
  public var observationWeights: [Double]? { problem.observationWeights }

  /// α: kernel, bandwidths and how inputs combine.
  public var similarity: Similarity { problem.similarity }

  /// What is predicted where no key supports a query.
  public let emptyWindowPolicy: EmptyWindowPolicy

  /// How the computation runs.
  public var execution: Execution

  /// The name of the engine that computes the sums, and why it does.
  public let engineChoice: (name: String, reason: String)

  let engine: any KernelSumEngine
  let problem: KernelSumProblem

  /// What was asked of the choice of engine.
  private let plan: Plan

  private struct Plan {
    let engine: EngineChoice
    let accuracy: Double?
    let queryCount: Int?
  }

  /// Values are divided by a power of two where sums of them could leave the range of doubles.
  let valueScales: [Double]

  /// An estimator for keys in any number of inputs and any number of value columns.
  ///
  /// - Parameters:
  ///   - keys: shape `[n, d]`; finite.
  ///   - values: one array of n finite numbers for each value column.
  ///   - observationWeights: n finite numbers, none below 0 and not all 0.
  ///   - kernel: the similarity as a function of scaled distance.
  ///   - bandwidths: one for each input, in its units, or a single one for all.
  ///   - combination: how several inputs make one similarity.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - engine: how sums are computed; results agree within the accuracy whatever is chosen.
  ///   - accuracy: the bound on an estimate's error, relative to the ratio of Σωα|v|, where the
  ///     engine approximates; 1e-12 in one input and 1e-9 in several unless given. At most 0.1.
  ///   - queryCount: how many queries are expected, which decides which engine is the fastest; as
  ///     many as keys unless given.
  ///   - execution: threads, instruction set, progress.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, a weight is
  ///   below 0, a bandwidth or the accuracy is not positive, or the engine cannot serve.
  /// - Complexity: that of the engine's plan, O(n·(d + p)) for most.
  public init(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    bandwidths: [Double],
    combination: InputCombination = .product,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    queryCount: Int? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try self.init(
      keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
      bandwidths: bandwidths, combination: combination, degree: 0, emptyWindow: emptyWindow,
      engine: engine, accuracy: accuracy, queryCount: queryCount, execution: execution)
  }

  /// The same for the sums of local polynomials.
  init(
    keys: Points, values: [[Double]], observationWeights: [Double]?, kernel: Kernel,
    bandwidths: [Double], combination: InputCombination, degree: Int,
    emptyWindow: EmptyWindowPolicy, engine: EngineChoice, accuracy: Double?, queryCount: Int?,
    execution: Execution
  ) throws(KernelRegressionError) {
    try Self.validate(keys: keys, values: values, observationWeights: observationWeights)
    let bandwidths = try Self.validated(bandwidths, dimension: keys.dimension)
    guard (0...3).contains(degree) else {
      throw KernelRegressionError(.invalidDegree, "the degree \(degree) is not from 0 to 3")
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
      similarity: Similarity(kernel: kernel, bandwidths: bandwidths, combination: combination),
      degree: degree)
    try self.init(
      problem, values: values, valueScales: scales, emptyWindow: emptyWindow, engine: engine,
      accuracy: accuracy, queryCount: queryCount, execution: execution)
  }

  private init(
    _ problem: KernelSumProblem, values: [[Double]], valueScales: [Double],
    emptyWindow: EmptyWindowPolicy, engine: EngineChoice, accuracy: Double?, queryCount: Int?,
    execution: Execution
  ) throws(KernelRegressionError) {
    self.problem = problem
    self.values = values
    self.valueScales = valueScales
    emptyWindowPolicy = emptyWindow
    self.execution = execution
    plan = Plan(engine: engine, accuracy: accuracy, queryCount: queryCount)
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
  /// - Parameter bandwidths: one for each input, in its units, or a single one for all.
  /// - Throws: ``KernelRegressionError`` if a bandwidth is not positive or the engine that was asked
  ///   for cannot serve.
  /// - Complexity: that of the engine's plan.
  public func withBandwidths(
    _ bandwidths: [Double]
  ) throws(KernelRegressionError) -> NadarayaWatson {
    let bandwidths = try Self.validated(bandwidths, dimension: keys.dimension)
    return try NadarayaWatson(
      problem.weighed(
        by: Similarity(
          kernel: similarity.kernel, bandwidths: bandwidths, combination: similarity.combination)),
      values: values, valueScales: valueScales, emptyWindow: emptyWindowPolicy,
      engine: plan.engine, accuracy: plan.accuracy, queryCount: plan.queryCount,
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
  private static func scale(of column: [Double]) -> Double {
    switch column.largestMagnitude {
    case 0x1p900...: 0x1p128
    case ..<0x1p-800: 0x1p-700
    default: 1
    }
  }
}
