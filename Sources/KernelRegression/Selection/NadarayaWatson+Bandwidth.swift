public import KernelSums
public import SimilarityKernels

/// A bandwidth with the criterion that chose it.
public struct SelectedBandwidths: Sendable {
  /// One bandwidth for each input.
  public let bandwidths: [Double]

  /// The criterion there: the mean of squared leave-one-out residuals; with several value columns
  /// the sum over them of that mean over the column's variance.
  public let criterion: Double

  /// How many bandwidths were tried.
  public let evaluations: Int
}

extension NadarayaWatson {
  /// The bandwidths with the least leave-one-out error that a search finds.
  ///
  /// ```
  /// LOO(h) = Σᵢ ωᵢ (vᵢ − ŷ₋ᵢ(kᵢ))² / Σᵢ ωᵢ
  /// ```
  ///
  /// A grid of 50 to 250 bandwidths, even in log h, from a quarter of the usual gap between keys to
  /// eight times their range; its three lowest local minima are then polished, to eight digits in one
  /// input. In several inputs the grid is over a common multiple of the inputs' widths, and the
  /// bandwidths are polished one at a time in turn until none improves. A bandwidth at which a row
  /// has no support when left out is infeasible, unless the policy is to predict there. The boxcar's
  /// criterion is a step function, of which the search sees the steps that its grid meets.
  ///
  /// - Parameters: those of ``init(keys:values:observationWeights:kernel:bandwidths:combination:labels:emptyWindow:engine:accuracy:queryCount:execution:)``.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, there are
  ///   fewer than two rows, or no bandwidth on the grid is feasible.
  /// - Complexity: some 80 leave-one-out predictions in one input, some 400 in two.
  public static func leaveOneOutBandwidths(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    combination: InputCombination = .product,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) -> SelectedBandwidths {
    try validate(keys: keys, values: values, observationWeights: observationWeights)
    guard (observationWeights?.count(where: { $0 > 0 }) ?? keys.count) > 1 else {
      throw KernelRegressionError(
        .tooFewKeys, "leave-one-out needs at least two rows with weight, there is 1")
    }
    let search = BandwidthSearch(
      criterion: LeaveOneOutCriterion(
        keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
        combination: combination, emptyWindow: emptyWindow, engine: engine, accuracy: accuracy,
        execution: execution.silent),
      isStepFunction: kernel.isBoxcar, progress: execution.progress)
    return try search.run()
  }
}

extension Kernel {
  fileprivate var isBoxcar: Bool {
    if case .builtIn(.boxcar) = form { true } else { false }
  }
}
