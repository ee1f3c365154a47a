public import KernelSums
public import SimilarityKernels

/// Causal local polynomials whose bandwidth at each query is chosen from the rows up to then.
///
/// ```swift
/// let filter = try SequentialPolynomial(Sample(times, readings))
/// let estimates = try filter.predict(at: .points([10, 20])).values
/// ```
///
/// See ``SequentialBandwidths`` for the choice. A row later than a query does not change its estimate: up
/// to 2,048 rows not by a bit, beyond that only in the last bits of sums.
public struct SequentialPolynomial: Sendable {
  /// The bandwidths, each with the time from which it applies.
  public let bandwidths: SequentialBandwidths

  /// How the estimator computes; engine, accuracy and expected queries take effect only at creation.
  public var computation: Computation {
    get { latest.computation }
    set { latest.computation = newValue }
  }

  /// How the loops run.
  package var execution: Execution {
    get { latest.execution }
    set { latest.execution = newValue }
  }

  /// The prediction where a polynomial extrapolates.
  public var extrapolation: ExtrapolationPolicy {
    get { latest.extrapolation }
    set { latest.extrapolation = newValue }
  }

  /// The estimator of all rows, in order of time, at the last bandwidth.
  public private(set) var latest: KernelSmoother

  /// The engine that computes the sums, and why it was chosen.
  public var engineChoice: ChosenEngine {
    guard series.isSmall, latest.engineChoice.name == EngineChoice.direct.rawValue else {
      return latest.engineChoice
    }
    return ChosenEngine(
      name: latest.engineChoice.name, reason: "later rows then do not change its sums")
  }

  private let series: TimeSeries
  private let emptyWindow: EmptyWindowPolicy

  /// An estimator for keys in one input, time, and any number of value columns.
  ///
  /// - Parameters:
  ///   - sample: keys in one input, which is time, with their values.
  ///   - similarity: the kernel; its bandwidth is chosen.
  ///   - degree: p, from 0 to 3.
  ///   - emptyWindow: what is predicted where no key supports a query.
  ///   - computation: engine, accuracy, threads, progress and cancellation.
  /// - Throws: ``KernelRegressionError``, as ``Bandwidths/selectSequentially(for:similarity:degree:emptyWindow:computation:)``
  ///   does.
  /// - Complexity: that of the choice.
  public init(
    _ sample: Sample, _ similarity: Similarity = Similarity(), degree: Int = 0,
    emptyWindow: EmptyWindowPolicy = .notANumber, computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    bandwidths = try Bandwidths.selectSequentially(
      for: sample, similarity: similarity, degree: degree, emptyWindow: emptyWindow,
      computation: computation)
    series = try TimeSeries(sample)
    self.emptyWindow = emptyWindow
    latest = try series.estimator(
      similarity, bandwidth: bandwidths.bandwidths[bandwidths.bandwidths.count - 1],
      degree: degree, emptyWindow: emptyWindow, computation: computation)
  }

  /// Estimates at queries, each with the bandwidth in force at its time; see
  /// ``KernelSmoother/predict(at:gradients:diagnostics:)``.
  ///
  /// For keys left out, the estimate at each row uses the rows that are not later, without the row
  /// itself.
  ///
  /// - Complexity: a prediction for each bandwidth that is in force at a query; of all rows if keys are
  ///   left out.
  public func predict(
    at queries: Queries, gradients: Bool = false, diagnostics: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    let times = series.keys.coordinates
    guard queries != .leaveOneOut else {
      let groups = try groups(times.count) {
        Group(bandwidth: bandwidths.place(at: times[series.places[$0]]), rowCount: nil)
      }
      return try merged(times.count, groups) { estimator, rows throws(KernelRegressionError) in
        try estimator.predict(
          at: .leaveOneOut, gradients: gradients, diagnostics: diagnostics
        ).restricted(to: rows.map { series.places[$0] })
      }
    }
    let points =
      queries == .keys
      ? Points(series.places.map { times[$0] }) : try latest.resolved(queries).points
    let groups = try groups(points.count) { group(at: points.coordinates[$0]) }
    return try merged(points.count, groups) {
      estimator, places throws(KernelRegressionError) in
      try estimator.predict(
        at: .points(places.map { points.coordinates[$0] }), gradients: gradients,
        diagnostics: diagnostics)
    }
  }

  /// The causal estimators of all rows at the bandwidths in force at queries, and the queries of each.
  package func groups(
    of queries: Points
  ) throws(KernelRegressionError) -> [(estimator: KernelSmoother, places: [Int])] {
    try groups(queries.count) {
      Group(bandwidth: bandwidths.place(at: queries[$0].first!), rowCount: nil)
    }
  }

  /// What the queries of a group share: a bandwidth and, if rows are few, the rows up to their time.
  private struct Group: Hashable {
    let bandwidth: Int
    /// Nil for all rows; the causal estimator then uses those that are not later.
    let rowCount: Int?
  }

  private func group(at time: Double) -> Group {
    let count = series.isSmall ? series.count(upTo: time) : 0
    return Group(
      bandwidth: bandwidths.place(at: time), rowCount: series.hasWeight(count) ? count : nil)
  }

  private func groups(
    _ count: Int, by group: (Int) -> Group
  ) throws(KernelRegressionError) -> [(estimator: KernelSmoother, places: [Int])] {
    var members: [Group: [Int]] = [:]
    var order: [Group] = []
    for place in 0..<count {
      let own = group(place)
      if members[own] == nil { order.append(own) }
      members[own, default: []].append(place)
    }
    var result: [(estimator: KernelSmoother, places: [Int])] = []
    for group in order {
      result.append((try estimator(of: group), members[group] ?? []))
    }
    return result
  }

  /// The rows up to a time alone, so that no later row enters any sum.
  private func estimator(of group: Group) throws(KernelRegressionError) -> KernelSmoother {
    let bandwidth = bandwidths.bandwidths[group.bandwidth]
    guard let count = group.rowCount else { return try latest.withBandwidths([bandwidth]) }
    var estimator = try series.first(count).estimator(
      latest.similarity, bandwidth: bandwidth, degree: latest.degree, emptyWindow: emptyWindow,
      computation: Computation(execution.unreported, engine: .direct))
    estimator.extrapolation = extrapolation
    return estimator
  }

  private func merged(
    _ count: Int, _ groups: [(estimator: KernelSmoother, places: [Int])],
    _ predict: (KernelSmoother, [Int]) throws(KernelRegressionError) -> Predictions
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
