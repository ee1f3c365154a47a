public import KernelSums
public import SimilarityKernels

/// Causal local polynomials whose bandwidth at each query is the one chosen from the rows up to then.
///
/// ```swift
/// let filter = try SequentialPolynomial(keys: Points(times), values: [readings])
/// let estimates = try filter.predict(Points([10, 20])).values
/// ```
///
/// See ``SequentialBandwidths`` for the choice. A row that is later than a query changes its estimate in nothing:
/// up to 2,048 rows not in a bit, beyond that not before the last bits of sums.
public struct SequentialPolynomial: Sendable {
  /// The bandwidths, each with the time from which on it is in force.
  public let bandwidths: SequentialBandwidths

  /// How the computation runs.
  public var execution: Execution {
    get { latest.execution }
    set { latest.execution = newValue }
  }

  /// What is predicted where a polynomial extrapolates.
  public var extrapolationPolicy: ExtrapolationPolicy {
    get { latest.extrapolationPolicy }
    set { latest.extrapolationPolicy = newValue }
  }

  /// The estimator of all rows, in order of time, at the last bandwidth.
  public private(set) var latest: LocalPolynomial

  /// The name of the engine that computes the sums, and why it does.
  public var engineChoice: (name: String, reason: String) {
    guard series.isSmall, latest.engineChoice.name == EngineChoice.direct.rawValue else {
      return latest.engineChoice
    }
    return (latest.engineChoice.name, "later rows then change no bit of its sums")
  }

  private let series: TimeSeries
  private let emptyWindow: EmptyWindowPolicy

  /// An estimator for keys in one input, time, and any number of value columns.
  ///
  /// - Parameters: those of
  ///   ``NadarayaWatson/sequentialBandwidths(keys:values:observationWeights:kernel:degree:emptyWindow:engine:accuracy:execution:)``,
  ///   and how many queries are expected.
  /// - Throws: ``KernelRegressionError``, as that does.
  /// - Complexity: that of the choice.
  public init(
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    degree: Int = 0,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    queryCount: Int? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    bandwidths = try NadarayaWatson.sequentialBandwidths(
      keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
      degree: degree, emptyWindow: emptyWindow, engine: engine, accuracy: accuracy,
      execution: execution)
    series = try TimeSeries(
      keys: keys, values: values, observationWeights: observationWeights)
    self.emptyWindow = emptyWindow
    latest = try series.estimator(
      kernel: kernel, bandwidth: bandwidths.bandwidths[bandwidths.bandwidths.count - 1],
      degree: degree, emptyWindow: emptyWindow, engine: engine, accuracy: accuracy,
      queryCount: queryCount, execution: execution)
  }

  /// Estimates at queries; see ``LocalPolynomial/predict(_:gradients:diagnostics:)``.
  ///
  /// - Complexity: a prediction for each bandwidth that is in force at a query.
  public func predict(
    _ queries: Points, gradients: Bool = false, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    try latest.base.validate(queries: queries)
    let groups = try groups(queries.count) { group(at: queries[$0].first!) }
    return try merged(queries.count, groups) {
      estimator, places throws(KernelRegressionError) in
      try estimator.predict(
        Points(places.map { queries[$0].first! }), gradients: gradients,
        diagnostics: diagnostics)
    }
  }

  /// The estimate at each row from the rows that are not later, without itself, under the bandwidth in force
  /// at its time; see ``LocalPolynomial/leaveOneOut(gradients:diagnostics:)``.
  ///
  /// - Complexity: a prediction of all rows for each bandwidth that was ever in force.
  public func leaveOneOut(
    gradients: Bool = false, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    let times = series.keys.coordinates
    var places = [Int](repeating: 0, count: times.count)
    for (place, row) in series.rows.enumerated() { places[row] = place }
    let groups = try groups(times.count) {
      Group(bandwidth: bandwidths.place(at: times[places[$0]]), rowCount: nil)
    }
    return try merged(times.count, groups) { estimator, rows throws(KernelRegressionError) in
      try estimator.leaveOneOut(gradients: gradients, diagnostics: diagnostics)
        .restricted(to: rows.map { places[$0] })
    }
  }

  /// The causal estimators of all rows at the bandwidths in force at queries, and which queries each serves.
  package func groups(
    of queries: Points
  ) throws(KernelRegressionError) -> [(estimator: LocalPolynomial, places: [Int])] {
    try groups(queries.count) {
      Group(bandwidth: bandwidths.place(at: queries[$0].first!), rowCount: nil)
    }
  }

  /// What queries share: a bandwidth and, where rows are few, the rows up to their time.
  private struct Group: Hashable {
    let bandwidth: Int
    /// Nil for all rows, of which the causal estimator takes those that are not later.
    let rowCount: Int?
  }

  private func group(at time: Double) -> Group {
    let count = series.isSmall ? series.count(upTo: time) : 0
    return Group(
      bandwidth: bandwidths.place(at: time), rowCount: series.hasWeight(count) ? count : nil)
  }

  private func groups(
    _ count: Int, by group: (Int) -> Group
  ) throws(KernelRegressionError) -> [(estimator: LocalPolynomial, places: [Int])] {
    var members: [Group: [Int]] = [:]
    var order: [Group] = []
    for place in 0..<count {
      let own = group(place)
      if members[own] == nil { order.append(own) }
      members[own, default: []].append(place)
    }
    var result: [(estimator: LocalPolynomial, places: [Int])] = []
    for group in order {
      result.append((try estimator(of: group), members[group] ?? []))
    }
    return result
  }

  /// The rows up to a time by themselves, so that no later one has a part in any sum.
  private func estimator(of group: Group) throws(KernelRegressionError) -> LocalPolynomial {
    let bandwidth = bandwidths.bandwidths[group.bandwidth]
    guard let count = group.rowCount else { return try latest.withBandwidths([bandwidth]) }
    var estimator = try series.first(count).estimator(
      kernel: latest.similarity.kernel, bandwidth: bandwidth, degree: latest.degree,
      emptyWindow: emptyWindow, engine: .direct, accuracy: nil, queryCount: nil,
      execution: execution.unreported)
    estimator.extrapolationPolicy = extrapolationPolicy
    return estimator
  }

  private func merged(
    _ count: Int, _ groups: [(estimator: LocalPolynomial, places: [Int])],
    _ predict: (LocalPolynomial, [Int]) throws(KernelRegressionError) -> Predictions
  ) throws(KernelRegressionError) -> Predictions {
    var parts: [(predictions: Predictions, places: [Int])] = []
    var done = 0
    for (estimator, places) in groups {
      try execution.checkCancellation()
      parts.append((try predict(estimator, places), places))
      done += places.count
      execution.progress?(Double(done) / Double(max(count, 1)))
    }
    return Predictions(merging: parts, count: count, valueCount: series.values.count)
  }
}
