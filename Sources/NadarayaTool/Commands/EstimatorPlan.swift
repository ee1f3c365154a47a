import Nadaraya
import Wording

/// What the options say about the estimator, before any data is read.
struct EstimatorPlan {
  private let similarity: SimilarityOptions
  private let score: ScoreOptions
  private let compute: ComputeOptions
  private let neighbors: NeighborChoice?
  private let kernel: Kernel
  private let choice: BandwidthChoice
  private let needsOneBandwidth: Bool

  /// - Throws: ``Failure`` for options that make no sense, or contradict each other.
  init(
    _ data: DataOptions, _ similarity: SimilarityOptions, _ score: ScoreOptions,
    _ compute: ComputeOptions, needsOneBandwidth: Bool
  ) throws(Failure) {
    self.needsOneBandwidth = needsOneBandwidth
    try score.check(similarity, data)
    neighbors = try NeighborChoice(similarity, compute, hasLabels: data.columns.hasLabels)
    (kernel, choice) = try similarity.parsed(hasLabels: data.columns.hasLabels)
    self.similarity = similarity
    self.score = score
    self.compute = compute
  }

  /// Whether the similarity depends on values.
  var needsValues: Bool {
    guard score.score == .kernel else { return false }
    return neighbors.map { $0.count == nil } ?? choice.needsValues(for: kernel)
  }

  /// Whether each value column has an estimator of its own.
  private func isApart(_ data: DataTable) -> Bool {
    needsValues && !similarity.commonBandwidth && data.valueNames.count > 1
  }

  func check(_ data: DataTable, needsOneSimilarity: Bool) throws(Failure) {
    if needsOneSimilarity, isApart(data) {
      throw .usage(
        "the weights differ between values, because each of "
          + "\(data.valueNames.joined(separator: ", ")) has its own bandwidth",
        hint: "--common-bandwidth chooses one for all; --bandwidth H gives one")
    }
    guard case .given(let bandwidths) = choice, bandwidths.count != data.inputNames.count,
      bandwidths.count > 1 || !data.labels.isEmpty
    else { return }
    throw .usage(
      "--bandwidth gives \(counted(bandwidths.count, "number")) for "
        + counted(data.inputNames.count, "input"))
  }

  /// The estimators with their chosen bandwidths, and what `--verbose` says about them.
  ///
  /// - Parameter progress: called with the progress of predictions.
  func parts(
    for data: DataTable, queryCount: Int, execution: Execution,
    progress: (@Sendable (Double) -> Void)?
  ) throws -> (parts: [EstimatorPart], words: String) {
    guard isApart(data) else {
      let (made, words) = try estimator(
        for: data, queryCount: queryCount, execution: execution, progress: progress)
      return ([EstimatorPart(estimator: made, values: data.valueNames.indices)], words)
    }
    var parts: [EstimatorPart] = []
    var words: [String] = []
    let count = Double(data.valueNames.count)
    for (value, name) in data.valueNames.enumerated() {
      var own: (@Sendable (Double) -> Void)?
      if let progress { own = { progress((Double(value) + $0) / count) } }
      let (made, told) = try estimator(
        for: data.ofValue(value), named: name, queryCount: queryCount, execution: execution,
        progress: own)
      words.append("\(name): \(told.replacing("\n", with: "; "))")
      parts.append(EstimatorPart(estimator: made, values: value..<value + 1))
    }
    return (parts, words.joined(separator: "\n"))
  }

  /// The estimator of all value columns of a table, and what `--verbose` says about it.
  ///
  /// - Parameter name: the value, where warnings have to name it.
  private func estimator(
    for data: DataTable, named name: String? = nil, queryCount: Int, execution: Execution,
    progress: (@Sendable (Double) -> Void)?
  ) throws -> (estimator: Estimator, words: String) {
    var reporting = execution
    reporting.progress = progress
    if let neighbors {
      let (made, reason) = try neighbors.estimator(
        for: data, kernel: kernel, options: similarity, execution: reporting)
      let of = similarity.adaptive ? "each key" : "each query"
      return (
        .kernel(made), "neighbors: \(made.neighbors?.count ?? 0) of \(of)\(reason)"
      )
    }
    let scores = score.words(inputs: data.keyNames.count)
    func attention(_ kernel: Similarity?) throws -> Attention {
      try score.attention(
        over: data, kernel: kernel, emptyWindow: similarity.empty, execution: reporting)
    }
    guard score.score == .kernel else {
      return (.attention(try attention(nil), scores), "score: \(scores)")
    }
    if let sequential = try sequentialEstimator(
      for: data, queryCount: queryCount, execution: execution, reporting: reporting)
    {
      return (.sequential(sequential), "bandwidth: \(sequential.bandwidths.words)")
    }
    let resolved = try choice.resolved(
      for: kernel, inputs: data.keyNames.count, hasLabels: !data.labels.isEmpty
    ) { method in
      try selected(by: method, from: data, kernel, similarity, compute, execution)
    }
    if let selection = resolved.selection {
      selection.warn(of: name, over: data.inputNames)
      if similarity.causal { selection.warnOfLaterRows(isOneInput: data.inputNames.count == 1) }
    }
    let polynomial = try KernelSmoother(
      data.sample, similarity.similarity(kernel, of: data).withBandwidths(resolved.bandwidths),
      degree: similarity.degree, emptyWindow: similarity.empty, isCausal: similarity.causal,
      computation: compute.computation(reporting, queryCount: queryCount))
    let numbers = resolved.bandwidths.map { "\($0)" }.joined(separator: ",")
    let width = "bandwidth: \(numbers)\(resolved.reason)"
    guard score.isPlain else {
      let words = "\(scores) of the \(kernel.nameInProse) kernel"
      let made = try attention(polynomial.similarity)
      return (.attention(made, "\(words), bandwidth \(numbers)"), "score: \(words)\n\(width)")
    }
    return (.kernel(polynomial), width)
  }

  /// The estimator whose bandwidth is chosen anew as time goes on; nil where one bandwidth is wanted, or no
  /// choice of such a kind is offered.
  private func sequentialEstimator(
    for data: DataTable, queryCount: Int, execution: Execution, reporting: Execution
  ) throws -> SequentialPolynomial? {
    guard similarity.causal, !needsOneBandwidth, case .method(.leaveOneOut) = choice,
      data.inputNames.count == 1, data.labels.isEmpty, kernel.name != Kernel.constant.name
    else { return nil }
    let bar = ProgressBar("choosing the bandwidths")
    defer { bar.finish() }
    var execution = execution
    execution.progress = bar.report
    return try choosing {
      () throws(KernelRegressionError) in
      var made = try SequentialPolynomial(
        data.sample, Similarity(kernel), degree: similarity.degree, emptyWindow: similarity.empty,
        computation: compute.computation(execution, queryCount: queryCount))
      made.execution = reporting
      return made
    }
  }
}
