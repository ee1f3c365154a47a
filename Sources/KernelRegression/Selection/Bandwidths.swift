public import KernelSums
internal import RealModule
public import SimilarityKernels

/// The choice of bandwidths.
///
/// ```swift
/// let best = try Bandwidths.select(.leaveOneOut, for: sample)
/// let smoother = try KernelSmoother(sample, best.similarity)
/// ```
public enum Bandwidths {
  /// The bandwidths that a method chooses.
  ///
  /// **Criteria** (``BandwidthMethod/leaveOneOut``, ``BandwidthMethod/generalizedCrossValidation``,
  /// ``BandwidthMethod/correctedAkaike``) are minimised. A bandwidth at which a criterion does not exist is
  /// infeasible and is counted.
  ///
  /// * One input: the whole curve is examined, from a quarter of the usual gap between keys (for
  ///   leave-one-out with a compact kernel, from the first bandwidth that supports every row) to eight
  ///   times their range, at 200 to 1,000 places, with intervals halved wherever a minimum may hide.
  ///   Every local minimum is polished and reported; those at an end of the range are marked.
  /// * The boxcar's criterion is a step function. With at most a million pairs of rows every step is
  ///   examined and minima are stretches, exact to the last bit; with more pairs, only the steps on a
  ///   grid of 1,000.
  /// * Several inputs: descents from several places, the same in every run; their outcomes are kept. An
  ///   input that does not affect the values ends at its upper bound, a million times its range, and is
  ///   marked.
  ///
  /// A bandwidth is rounded to the decimal digits that the criterion determines, at most seven where it is
  /// smooth, so the same rows give the same bandwidth with any processor and number of threads; about
  /// once in 10,000 tables two results fall on either side of a rounding boundary. The ends of a range
  /// and the distances between keys at which a criterion has a kink are exact.
  ///
  /// **Formulas** are ``BandwidthMethod/ruleOfThumb`` and, in one input and without observation weights,
  /// ``BandwidthMethod/plugIn``, which is meant for a local line.
  ///
  /// **Neighbours** (``BandwidthMethod/neighbors``, ``BandwidthMethod/neighborsOfKeys``): all numbers up to 32 are
  /// tried, then steps of an eighth up to all keys, then all between the tried neighbours of the best. If
  /// bandwidths belong to the keys, a number that leaves some left-out row outside all windows is
  /// infeasible, unless the policy predicts there. They apply to degree 0, and take about 32 + 6 ln n +
  /// K/4 leave-one-out predictions.
  ///
  /// A causal estimator has no prediction at rows that no other row precedes: the leave-one-out mean
  /// excludes them. Formulas ignore time.
  ///
  /// With several value columns one choice is used for all: the criterion is the sum over them, each in
  /// units of its standard deviation.
  ///
  /// - Parameters:
  ///   - method: how bandwidths are chosen.
  ///   - sample: keys, values and observation weights.
  ///   - similarity: kernel, labels and how inputs combine. Its bandwidths are ignored, except as the
  ///     units of the inputs when counting neighbours.
  ///   - degree: the degree of the local polynomial, from 0 to 3.
  ///   - emptyWindow: what is predicted where no key supports a row; under ``EmptyWindowPolicy/fail`` a
  ///     bandwidth that leaves a row without support is infeasible.
  ///   - isCausal: whether a row is predicted from rows that are not later.
  ///   - computation: engine, accuracy, search, threads, progress and cancellation.
  /// - Throws: ``KernelRegressionError`` if there are fewer than two rows with weight, no bandwidth is
  ///   feasible, or the method does not support the kernel, several inputs or observation weights.
  /// - Complexity: about 300 to 1,000 leave-one-out predictions in one input, about 100 in a table of at
  ///   least 65,536 rows under a smooth kernel, about 500 in two; where slopes are known (the Gaussian in more
  ///   than three inputs, or at most 2,000 rows, 20,000 for local polynomials), some 20 for each descent, of
  ///   which each costs three. Samples of large tables take most of them.
  ///
  /// ## Accuracy
  /// The criterion of a minimum is within a relative 1e-8, and the criterion reported is that of the
  /// rounded bandwidth. In one input no minimum wider than the grid's steps is missed; in several inputs
  /// the descents may miss the lowest. For the Gaussian and leave-one-out, a table of more than 65,536 rows is
  /// first sampled at bandwidths whose windows hold few keys: those whose error is above the lowest by more
  /// than six standard errors of the difference, and than rows outside the sample add to the lowest, are not
  /// evaluated, and no minimum among them is listed. In several inputs a table of 4,096 rows or more is first
  /// searched at a sample of the rows; descents over all rows begin where those ended, unless they are above the
  /// lowest by more than six standard errors. Observation weights are not sampled, and nothing is under
  /// ``/KernelSums/SearchChoice/full``.
  public static func select(
    _ method: BandwidthMethod, for sample: Sample, similarity: Similarity = Similarity(),
    degree: Int = 0, emptyWindow: EmptyWindowPolicy = .notANumber, isCausal: Bool = false,
    computation: Computation = Computation()
  ) throws(KernelRegressionError) -> BandwidthSelection {
    var selection = try selected(
      method, for: sample, similarity, degree: degree, emptyWindow: emptyWindow,
      isCausal: isCausal, computation: computation)
    selection.similarity = similarity.withBandwidths(selection.bandwidths)
    return selection
  }

  private static func selected(
    _ method: BandwidthMethod, for sample: Sample, _ similarity: Similarity, degree: Int,
    emptyWindow: EmptyWindowPolicy, isCausal: Bool, computation: Computation
  ) throws(KernelRegressionError) -> BandwidthSelection {
    let execution = computation.execution
    try execution.checkCancellation()
    try sample.requireWeight()
    let labels = similarity.labels
    if let center = method.center {
      try KernelSmoother.validate(
        NeighborBandwidths(count: 1, center: center), sample, similarity, degree: degree,
        isCausal: isCausal, engine: computation.engine)
      return try neighbors(
        by: method, center, for: sample, similarity, emptyWindow: emptyWindow,
        execution: execution)
    }
    guard method.hasCriterion else {
      guard labels.isEmpty else {
        throw KernelRegressionError(
          .unsuitableMethod, "\(method.rawValue) has no formula for labels")
      }
      return try BandwidthSelection(
        byFormula: method, sample, kernel: similarity.kernel, execution: execution)
    }
    let criterion = try BandwidthCriterion(
      method, of: sample, similarity: similarity, degree: degree, emptyWindow: emptyWindow,
      isCausal: isCausal, computation: computation)
    guard degree == 0, labels.isEmpty, !isCausal else {
      return try BandwidthSelection(
        searching: criterion,
        bounds: labels.isEmpty
          ? nil : SearchInput.inputs(criterion.table.keys, labels: labels.map(\.kernel)),
        progress: execution.progress, stepPredictions: nil)
    }
    return try BandwidthSelection(searching: criterion, progress: execution.progress) {
      () throws(KernelRegressionError) in
      let table = criterion.table
      guard emptyWindow.predicts else {
        return table.values.map { $0.map { _ in .nan } }
      }
      return try KernelSmoother(
        table.sample, Similarity(similarity.kernel, bandwidths: [.leastNormalMagnitude]),
        emptyWindow: emptyWindow, computation: Computation(execution.unreported)
      ).predict(at: .leaveOneOut).estimates
    }
  }
}

extension EmptyWindowPolicy {
  /// Whether the policy gives a prediction where no key supports a query.
  var predicts: Bool {
    switch self {
    case .notANumber, .fail: false
    case .nearest, .mean: true
    }
  }
}

extension BandwidthSelection {
  /// The choice of a method without a criterion.
  fileprivate init(
    byFormula method: BandwidthMethod, _ sample: Sample, kernel: Kernel, execution: Execution
  ) throws(KernelRegressionError) {
    guard method == .plugIn else {
      self.init(
        method,
        bandwidths: try ruleOfThumbBandwidths(
          keys: sample.keys, observationWeights: sample.weights, kernel: kernel))
      return
    }
    guard sample.keys.dimension == 1 else {
      throw KernelRegressionError(
        .unsuitableMethod, "plug-in supports one input only, not \(sample.keys.dimension)")
    }
    if let weights = sample.weights, weights.contains(where: { $0 != weights[0] }) {
      throw KernelRegressionError(
        .unsuitableMethod, "plug-in supports only equal observation weights")
    }
    self.init(
      method,
      bandwidths: [
        // The last digits of its sums depend on the processor.
        BandwidthRounding.rounded(
          try plugInBandwidth(
            keys: sample.keys.coordinates, values: sample.values, kernel: kernel,
            execution: execution),
          digits: BandwidthRounding.mostDigits)
      ])
  }
}

extension Bandwidths {
  /// Bandwidths in even steps of log h, both ends included.
  ///
  /// - Parameters:
  ///   - least: the first, positive.
  ///   - greatest: the last, at least the first.
  ///   - count: how many, at least 2.
  /// - Complexity: O(`count`).
  public static func path(from least: Double, to greatest: Double, count: Int) -> [Double] {
    precondition(
      least > 0 && greatest >= least && count >= 2,
      "a path needs at least two bandwidths, increasing from above 0")
    let step = (Double.log(greatest) - .log(least)) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? greatest : least * .exp(step * Double($0)) }
  }
}
