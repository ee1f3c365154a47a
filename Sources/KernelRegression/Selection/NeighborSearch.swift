internal import KernelSums
internal import SimilarityKernels

extension Bandwidths {
  /// The number of neighbours with the least leave-one-out error that a search finds.
  static func neighbors(
    by method: BandwidthMethod, _ center: NeighborBandwidths.Center, for sample: Sample,
    _ similarity: Similarity, emptyWindow: EmptyWindowPolicy, execution: Execution
  ) throws(KernelRegressionError) -> BandwidthSelection {
    let table = try SelectionTable(sample)
    let similarity =
      similarity.bandwidths.isEmpty
      ? similarity.withBandwidths(BandwidthRange.widths(of: sample.keys)) : similarity
    var criteria: [Int: Double] = [:]
    func evaluate(_ count: Int) throws(KernelRegressionError) {
      guard criteria[count] == nil else { return }
      try execution.checkCancellation()
      let report = try KernelSmoother(
        table.sample, similarity, neighbors: NeighborBandwidths(count: count, center: center),
        emptyWindow: emptyWindow == .fail ? .notANumber : emptyWindow,
        computation: Computation(execution.unreported)
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
    // Among numbers that differ only by rounding, the greatest, because its curve is the simplest.
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
        "no number of neighbors supports all \(rows) rows when each is left out")
    }
    return BandwidthSelection(
      method, NeighborBandwidths(count: count, center: center), scales: similarity.bandwidths,
      criterion: table.inUnitOfValues(criterion, .leaveOneOut), evaluations: criteria.count)
  }
}
