import Nadaraya
import Tables
import Wording

/// A command's data, what pools their values, and a clock.
struct Run {
  let data: DataTable
  let queries: Points
  var estimator: Estimator
  let omitsOwnKey: Bool
  let timings: Timings
  let bar: ProgressBar
  let compute: ComputeOptions

  /// Whether bandwidths follow from nearest keys, under which leaving a row out changes them too.
  private var isAdaptive: Bool { estimator.polynomial?.neighbors != nil }
}

extension Run {
  /// Reads the data, chooses the bandwidths and prepares the estimator.
  ///
  /// - Parameters:
  ///   - place: makes queries of a command's own; nil stands for those of the options.
  ///   - check: what a command demands of the data, before any time is spent on them.
  init(
    _ dataOptions: DataOptions, _ queryOptions: QueryOptions, _ similarity: SimilarityOptions,
    _ score: ScoreOptions, _ compute: ComputeOptions, needsValues: Bool = true,
    placing place: (DataTable) throws -> Points? = { _ in nil },
    checking check: (DataTable, Points) throws -> Void = { _, _ in }
  ) async throws {
    try queryOptions.check(dataOptions.data)
    let plan = try EstimatorPlan(dataOptions, similarity, score, compute)
    let execution = try compute.execution()
    let timings = Timings()
    let bar = ProgressBar("computing")
    let data = try await timings.measure(.read) {
      try await dataOptions.read(needsValues: needsValues || plan.needsValues)
    }
    let queries = try await timings.measure(.read) {
      if let own = try place(data) { return own }
      return try await queryOptions.queries(for: data, missing: dataOptions.missing)
    }
    try check(data, queries)
    try plan.check(data)
    let (estimator, words) = try timings.measure(.plan) {
      try plan.estimator(
        for: data, queryCount: queries.count, execution: execution, progress: bar.report)
    }
    self.init(
      data: data, queries: queries, estimator: estimator, omitsOwnKey: queryOptions.leaveOneOut,
      timings: timings, bar: bar, compute: compute)
    if compute.verbose { describe(words) }
  }

  func describe(_ width: String) {
    let rows = counted(data.rowCount, "row")
    StandardError.write(
      "data: \(data.source), \(rows), \(counted(data.inputNames.count, "input")), "
        + "\(counted(queries.count, "query"))\n")
    for label in data.labels {
      let more = label.levels.count > 20 ? ", …" : ""
      let levels = label.levels.prefix(20).joined(separator: ", ")
      StandardError.write("levels: \(label.name), \(levels)\(more)\n")
    }
    if let polynomial = estimator.polynomial {
      StandardError.write(
        "kernel: \(polynomial.similarity.kernel.name), degree \(polynomial.degree)"
          + (polynomial.isCausal ? ", of keys that are not later\n" : "\n"))
    }
    StandardError.write("\(width)\n")
    StandardError.write(
      "engine: \(estimator.engineChoice.name), because \(estimator.engineChoice.reason); "
        + "\(estimator.execution.instructions.name) instructions, "
        + "\(counted(estimator.execution.threadLimit, "thread"))\n")
  }

  /// Tells what the fit to all rows explains.
  func describeFit() throws {
    guard compute.verbose, !data.values.isEmpty, data.rowCount > 1, !isAdaptive,
      var polynomial = estimator.polynomial
    else { return }
    polynomial.execution.progress = nil
    let summary = try polynomial.summary()
    func list(_ numbers: [Double]) -> String { numbers.map { short($0) }.joined(separator: ", ") }
    StandardError.write(
      "fit: \(short(summary.effectiveDegreesOfFreedom)) effective degrees of freedom, "
        + "R² \(list(summary.rSquared)), residual variance \(list(summary.residualVariances))\n")
  }

  /// Writes the line that `--timings` asks for.
  func reportTimings() {
    guard compute.timings else { return }
    StandardError.write(
      timings.line(engine: estimator.engineChoice.name, execution: estimator.execution) + "\n")
  }
}

/// Bandwidths with the reason for them.
struct ResolvedBandwidths {
  let bandwidths: [Double]
  let reason: String
}

extension BandwidthChoice {
  func needsValues(for kernel: Kernel) -> Bool {
    switch self {
    case .given, .method(.ruleOfThumb): false
    case .method: kernel.name != Kernel.constant.name
    }
  }

  func resolved(
    for kernel: Kernel, inputs: Int, hasLabels: Bool,
    _ search: (BandwidthMethod) throws -> BandwidthSelection
  ) throws -> ResolvedBandwidths {
    switch self {
    case .given(let bandwidths):
      return ResolvedBandwidths(bandwidths: bandwidths, reason: ", as given")
    case .method where kernel.name == Kernel.constant.name && !hasLabels:
      return ResolvedBandwidths(
        bandwidths: [Double](repeating: 1, count: inputs),
        reason: ", at which the constant kernel does not look")
    case .method(let method):
      let selection = try search(method)
      return ResolvedBandwidths(bandwidths: selection.bandwidths, reason: selection.reason)
    }
  }
}
