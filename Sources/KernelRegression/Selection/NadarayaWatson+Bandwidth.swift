public import KernelSums
public import SimilarityKernels

extension NadarayaWatson {
  /// The bandwidths that a method chooses.
  ///
  /// **Criteria** (``BandwidthMethod/leaveOneOut``, ``BandwidthMethod/generalizedCrossValidation``,
  /// ``BandwidthMethod/correctedAkaike``; formulas at ``CriterionReport/criteria(_:)``) are minimised. A
  /// bandwidth at which a criterion does not exist is infeasible, and counted.
  ///
  /// * One input: the whole curve is looked at, from a quarter of the usual gap between keys (under
  ///   leave-one-out and a compact kernel, from the first bandwidth that supports every row) to eight
  ///   times their range, on 200 to 1,000 places that are halved wherever a minimum may hide. Every local
  ///   minimum is polished and reported, with those at an end of the range marked.
  /// * The boxcar's criterion is a step function. With at most a million pairs of rows every step is
  ///   looked at and minima are stretches, exact to the last bit; with more, the steps that a grid of
  ///   1,000 meets.
  /// * Several inputs: descents from several places, the same in every run, whose outcomes are kept. An
  ///   input without bearing on the values ends at its upper bound, a million times its range, and is
  ///   marked.
  ///
  /// A bandwidth is rounded to the decimal digits that the criterion determines, at most seven where it is
  /// smooth, so that the same rows give the same bandwidth with any processor and number of threads; two
  /// results of rounding fall on either side of a boundary about once in 10,000 tables. The ends of a range and
  /// the distances between keys at which a criterion has a kink are exact.
  ///
  /// **Formulas** are ``ruleOfThumbBandwidths(keys:observationWeights:kernel:)`` and, in one input and
  /// without observation weights, ``plugInBandwidth(keys:values:kernel:)``, which serves a local line.
  ///
  /// A causal estimator has nothing to say at rows that no other row precedes: leave-one-out leaves them
  /// out of its mean, and ``BandwidthSelection/rowsWithoutEarlierKeys`` counts them. Formulas know no time.
  ///
  /// With several value columns one choice serves all: the criterion is the sum over them, each column
  /// in its own standard deviations.
  ///
  /// - Parameters: the method, the degree of the local polynomial that the bandwidth is for, from 0 to 3,
  ///   and those of
  ///   ``init(keys:values:observationWeights:kernel:bandwidths:combination:labels:emptyWindow:isCausal:engine:accuracy:queryCount:execution:)``;
  ///   under ``EmptyWindowPolicy/fail`` a bandwidth that leaves a row without support is infeasible.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite, there are
  ///   fewer than two rows with weight, no bandwidth is feasible, or the method does not serve the
  ///   kernel, several inputs or observation weights.
  /// - Complexity: some 300 to 1,000 leave-one-out predictions in one input, some 500 in two.
  ///
  /// ## Accuracy
  /// A minimum that was found has its criterion to 1e-8, relative, and the criterion reported is that of the
  /// bandwidth as rounded. In one input none is missed that is
  /// wider than the grid's steps; in several inputs a descent may end in another than the lowest.
  public static func selectBandwidths(
    by method: BandwidthMethod,
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    combination: InputCombination = .product,
    labels: [LabelKernel] = [],
    degree: Int = 0,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) -> BandwidthSelection {
    try execution.checkCancellation()
    guard method.hasCriterion else {
      guard labels.isEmpty else {
        throw KernelRegressionError(
          .unsuitableMethod, "\(method.rawValue) has no formula for inputs of labels")
      }
      try validate(keys: keys, values: values, observationWeights: observationWeights)
      return try BandwidthSelection(
        byFormula: method, keys: keys, values: values, observationWeights: observationWeights,
        kernel: kernel, execution: execution)
    }
    let criterion = try BandwidthCriterion(
      method, keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
      combination: combination, labels: labels, degree: degree, emptyWindow: emptyWindow,
      isCausal: isCausal, engine: engine, accuracy: accuracy, execution: execution)
    guard degree == 0, labels.isEmpty, !isCausal else {
      return try BandwidthSelection(
        searching: criterion,
        bounds: labels.isEmpty ? nil : SearchInput.inputs(criterion.table.keys, labels: labels),
        progress: execution.progress, stepPredictions: nil)
    }
    return try BandwidthSelection(searching: criterion, progress: execution.progress) {
      () throws(KernelRegressionError) in
      let table = criterion.table
      guard emptyWindow.predicts else {
        return table.values.map { $0.map { _ in .nan } }
      }
      return try NadarayaWatson(
        keys: table.keys, values: table.values, observationWeights: table.observationWeights,
        kernel: kernel, bandwidths: [.leastNormalMagnitude], emptyWindow: emptyWindow,
        execution: execution.unreported
      ).leaveOneOut().estimates
    }
  }

  /// The bandwidths of least leave-one-out error, ``selectBandwidths(by:keys:values:observationWeights:kernel:combination:labels:degree:emptyWindow:isCausal:engine:accuracy:execution:)``
  /// by ``BandwidthMethod/leaveOneOut``.
  public static func leaveOneOutBandwidths(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    combination: InputCombination = .product,
    labels: [LabelKernel] = [],
    degree: Int = 0,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) -> BandwidthSelection {
    try selectBandwidths(
      by: .leaveOneOut, keys: keys, values: values, observationWeights: observationWeights,
      kernel: kernel, combination: combination, labels: labels, degree: degree,
      emptyWindow: emptyWindow, isCausal: isCausal, engine: engine, accuracy: accuracy,
      execution: execution)
  }
}

extension EmptyWindowPolicy {
  /// Whether it puts a prediction where no key supports a query.
  var predicts: Bool {
    switch self {
    case .notANumber, .fail: false
    case .nearest, .mean: true
    }
  }
}

extension BandwidthSelection {
  /// What a method that has no criterion chooses.
  init(
    byFormula method: BandwidthMethod, keys: Points, values: [[Double]],
    observationWeights: [Double]?, kernel: Kernel, execution: Execution
  ) throws(KernelRegressionError) {
    guard method == .plugIn else {
      self.init(
        method,
        bandwidths: try ruleOfThumbBandwidths(
          keys: keys, observationWeights: observationWeights, kernel: kernel))
      return
    }
    guard keys.dimension == 1 else {
      throw KernelRegressionError(
        .unsuitableMethod, "plug-in chooses for one input, there are \(keys.dimension)")
    }
    if let weights = observationWeights, weights.contains(where: { $0 != weights[0] }) {
      throw KernelRegressionError(
        .unsuitableMethod, "plug-in knows no observation weights but equal ones")
    }
    self.init(
      method,
      bandwidths: [
        // Its sums depend on the processor in their last digits.
        BandwidthRounding.rounded(
          try plugInBandwidth(
            keys: keys.coordinates, values: values, kernel: kernel, execution: execution),
          digits: BandwidthRounding.mostDigits)
      ])
  }
}
