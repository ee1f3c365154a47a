import Nadaraya
import Tables
import Wording

/// A command's data, its estimators, and a clock.
struct Run {
  let data: DataTable
  let queries: Points
  var parts: [EstimatorPart]
  let omitsOwnKey: Bool
  let timings: Timings
  let bar: ProgressBar
  let compute: ComputeOptions

  /// The queries of the estimator.
  var asked: Queries { omitsOwnKey ? .leaveOneOut : .points(queries) }

  /// Whether bandwidths follow from nearest keys, so that leaving out a row changes them too.
  private var isAdaptive: Bool { estimator.polynomial?.neighbors != nil }
}

extension Run {
  /// Reads the data, chooses the bandwidths and prepares the estimator.
  ///
  /// - Parameters:
  ///   - place: makes a command's own queries; nil for those of the options.
  ///   - needsOneSimilarity: whether a command shows weights, so that all value columns must share them.
  ///   - needsOneBandwidth: whether a command's result assumes one bandwidth at all times.
  ///   - check: checks what a command requires of the data, before any time is spent on them.
  init(
    _ dataOptions: DataOptions, _ queryOptions: QueryOptions, _ similarity: SimilarityOptions,
    _ score: ScoreOptions, _ compute: ComputeOptions, needsValues: Bool = true,
    needsOneSimilarity: Bool = false, needsOneBandwidth: Bool = false,
    placing place: (DataTable) throws -> Points? = { _ in nil },
    checking check: (DataTable, Points) throws -> Void = { _, _ in }
  ) async throws {
    try queryOptions.check(dataOptions.data)
    let plan = try EstimatorPlan(
      dataOptions, similarity, score, compute,
      needsOneBandwidth: needsOneSimilarity || needsOneBandwidth)
    let execution = try compute.execution()
    let timings = Timings()
    let bar = ProgressBar("computing")
    let data = try await timings.measure(.read) {
      try await dataOptions.read(needsValues: needsValues || plan.needsValues)
    }
    let queries = try await timings.measure(.read) {
      if let own = try place(data) { return own }
      return try await queryOptions.queries(
        for: data, missing: dataOptions.missing, text: dataOptions.text)
    }
    try check(data, queries)
    try plan.check(data, needsOneSimilarity: needsOneSimilarity)
    let (parts, words) = try timings.measure(.plan) {
      try plan.parts(
        for: data, queryCount: queries.count, execution: execution, progress: bar.report)
    }
    self.init(
      data: data, queries: queries, parts: parts, omitsOwnKey: queryOptions.leaveOneOut,
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
      "engine: \(engineWords); "
        + "\(estimator.execution.instructions.name) instructions, "
        + "\(counted(estimator.execution.threadLimit, "thread"))\n")
  }

  /// The engine and the reason for it, or those of each part where they differ.
  private var engineWords: String {
    let choices = parts.map { part in
      let choice = part.estimator.engineChoice
      return (value: part.values.lowerBound, words: "\(choice.name), because \(choice.reason)")
    }
    guard Set(choices.map { $0.words }).count > 1 else { return choices[0].words }
    return choices.map { "\($0.words) for \(data.valueNames[$0.value])" }.joined(separator: "; ")
  }

  /// Reports how much the fit to all rows explains.
  func describeFit() throws {
    guard compute.verbose, !data.values.isEmpty, data.rowCount > 1, !isAdaptive else { return }
    for part in parts {
      guard case .kernel(var polynomial) = part.estimator else { return }
      polynomial.execution.progress = nil
      let summary = try timings.measure(.compute) { try polynomial.summary() }
      let name = parts.count > 1 ? "fit of \(data.valueNames[part.values.lowerBound])" : "fit"
      StandardError.write("\(name): \(summary.words(of: Array(data.values[part.values])))\n")
    }
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
  /// The choice; nil where nothing was chosen.
  var selection: BandwidthSelection?
}

extension BandwidthChoice {
  func needsValues(for kernel: Kernel) -> Bool {
    switch self {
    case .given, .method(.ruleOfThumb): false
    case .method: kernel != .constant
    }
  }

  func resolved(
    for kernel: Kernel, inputs: Int, hasLabels: Bool,
    _ search: (BandwidthMethod) throws -> BandwidthSelection
  ) throws -> ResolvedBandwidths {
    switch self {
    case .given(let bandwidths):
      return ResolvedBandwidths(bandwidths: bandwidths, reason: ", as given")
    case .method where kernel == .constant && !hasLabels:
      return ResolvedBandwidths(
        bandwidths: [Double](repeating: 1, count: inputs),
        reason: ", which the constant kernel ignores")
    case .method(let method):
      let selection = try search(method)
      return ResolvedBandwidths(
        bandwidths: selection.bandwidths, reason: selection.reason, selection: selection)
    }
  }
}
