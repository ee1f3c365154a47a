internal import KernelSums
internal import SimilarityKernels

/// Rows in order of time.
///
/// Later rows come last, so they do not change any sum from the first row on.
struct TimeSeries {
  let keys: Points
  let values: [[Double]]
  let observationWeights: [Double]?

  /// The row of the table at each place.
  let rows: [Int]

  /// The place of each row of the table.
  var places: [Int] {
    var places = [Int](repeating: 0, count: rows.count)
    for (place, row) in rows.enumerated() { places[row] = place }
    return places
  }

  /// Whether all pairs are visited, in an order that does not depend on later rows.
  var isSmall: Bool { keys.count <= 2_048 }

  private init(
    keys: Points, values: [[Double]], observationWeights: [Double]?, rows: [Int]
  ) {
    (self.keys, self.values) = (keys, values)
    (self.observationWeights, self.rows) = (observationWeights, rows)
  }

  /// - Throws: ``KernelRegressionError`` if there are several inputs or fewer than two rows with weight.
  init(_ sample: Sample) throws(KernelRegressionError) {
    let keys = sample.keys
    guard keys.dimension == 1 else {
      throw KernelRegressionError(
        .unsuitableMethod,
        "bandwidths can be chosen over time for one input only, not for \(keys.dimension)")
    }
    let times = keys.coordinates
    let rows = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    let count = sample.weights.map { $0.count { $0 > 0 } } ?? rows.count
    guard count > 1 else {
      throw KernelRegressionError(
        .tooFewKeys,
        "leave-one-out needs at least two rows with weight, not \(count)")
    }
    self.rows = rows
    self.keys = Points(rows.map { times[$0] })
    values = sample.values.map { column in rows.map { column[$0] } }
    observationWeights = sample.weights.map { weights in rows.map { weights[$0] } }
  }

  /// The first rows alone.
  func first(_ count: Int) -> TimeSeries {
    TimeSeries(
      keys: Points(Array(keys.coordinates.prefix(count))),
      values: values.map { Array($0.prefix(count)) },
      observationWeights: observationWeights.map { Array($0.prefix(count)) },
      rows: Array(rows.prefix(count)))
  }

  /// Whether some of the first rows have weight.
  func hasWeight(_ count: Int) -> Bool {
    observationWeights.map { $0.prefix(count).contains { $0 > 0 } } ?? (count > 0)
  }

  /// The number of rows that are not later than a time.
  ///
  /// - Complexity: O(log n).
  func count(upTo time: Double) -> Int {
    let times = keys.coordinates
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The causal estimator of the rows.
  func estimator(
    _ similarity: Similarity, bandwidth: Double, degree: Int, emptyWindow: EmptyWindowPolicy,
    computation: Computation
  ) throws(KernelRegressionError) -> KernelSmoother {
    var computation = computation
    if computation.engine == .automatic, isSmall { computation.engine = .direct }
    return try KernelSmoother(
      Sample(checked: keys, values, observationWeights), similarity.withBandwidths([bandwidth]),
      degree: degree, emptyWindow: emptyWindow, isCausal: true, computation: computation)
  }
}
