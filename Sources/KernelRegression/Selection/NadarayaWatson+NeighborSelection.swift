public import KernelSums
public import SimilarityKernels

/// A number of neighbours with the criterion that chose it.
public struct SelectedNeighbors: Sendable {
  /// K, and whose neighbours they are.
  public let neighbors: NeighborBandwidths

  /// The mean of squared leave-one-out residuals there; with several value columns the sum over them
  /// of that mean over the column's variance.
  public let criterion: Double

  /// How many numbers were tried.
  public let evaluations: Int
}

extension NadarayaWatson {
  /// The number of neighbours with the least leave-one-out error that a search finds.
  ///
  /// All numbers up to 32 are tried, then those in steps of an eighth up to all keys, and then all
  /// between the neighbours of the best. With bandwidths of the keys a number at which some row is in no
  /// window when left out is infeasible, unless the policy is to predict there.
  ///
  /// - Parameters: those of ``init(keys:values:observationWeights:kernel:neighbors:scales:combination:emptyWindow:execution:)``.
  /// - Throws: ``KernelRegressionError``, as the initializer does; also if no number is feasible.
  /// - Complexity: some 32 + 6 ln n + K/4 leave-one-out predictions.
  public static func leaveOneOutNeighbors(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    center: NeighborBandwidths.Center = .ofQueries,
    scales: [Double]? = nil,
    combination: InputCombination = .product,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) -> SelectedNeighbors {
    try validate(keys: keys, values: values, observationWeights: observationWeights)
    try execution.checkCancellation()
    let table = try SelectionTable(
      keys: keys, values: values, observationWeights: observationWeights)
    let scales = scales ?? BandwidthRange.widths(of: keys)
    var criteria: [Int: Double] = [:]
    func evaluate(_ count: Int) throws(KernelRegressionError) {
      guard criteria[count] == nil else { return }
      try execution.checkCancellation()
      let report = try NadarayaWatson(
        keys: table.keys, values: table.values, observationWeights: table.observationWeights,
        kernel: kernel, neighbors: NeighborBandwidths(count: count, center: center),
        scales: scales, combination: combination,
        emptyWindow: emptyWindow == .fail ? .notANumber : emptyWindow,
        execution: execution.unreported
      ).criteria()
      criteria[count] = table.combined(report, .leaveOneOut)
      execution.progress?(min(Double(criteria.count) / 80, 0.99))
    }
    let rows = table.observationWeights?.count { $0 > 0 } ?? table.keys.count
    let largest = rows - 1
    var count = 1
    while count <= largest {
      try evaluate(count)
      count += count < 32 ? 1 : count / 8
    }
    // Of numbers that only rounding tells apart the greatest, whose curve is the simplest.
    func best() -> (key: Int, value: Double)? {
      let least = criteria.values.min() ?? .infinity
      guard least < .infinity else { return nil }
      return criteria.filter { $0.value <= least + table.noise(at: least, .leaveOneOut) }
        .max { $0.key < $1.key }
    }
    if let first = best()?.key, first >= 32 {
      for count in first - first / 8...min(first + first / 8, largest) { try evaluate(count) }
    }
    guard let (count, criterion) = best() else {
      throw KernelRegressionError(
        .noFeasibleBandwidth,
        "no number of neighbors supports every one of \(rows) rows when it is left out")
    }
    return SelectedNeighbors(
      neighbors: NeighborBandwidths(count: count, center: center),
      criterion: table.inUnitOfValues(criterion, .leaveOneOut),
      evaluations: criteria.count)
  }
}
