import Nadaraya
import Wording

/// What the options say of the estimator, before any data is read.
struct EstimatorPlan {
  private let similarity: SimilarityOptions
  private let score: ScoreOptions
  private let compute: ComputeOptions
  private let neighbors: NeighborChoice?
  private let kernel: Kernel
  private let choice: BandwidthChoice

  /// - Throws: ``Failure`` for options that make no sense, or contradict each other.
  init(
    _ data: DataOptions, _ similarity: SimilarityOptions, _ score: ScoreOptions,
    _ compute: ComputeOptions
  ) throws(Failure) {
    try score.check(similarity, data)
    neighbors = try NeighborChoice(similarity, compute, hasLabels: data.hasLabels)
    (kernel, choice) = try similarity.parsed(hasLabels: data.hasLabels)
    self.similarity = similarity
    self.score = score
    self.compute = compute
  }

  /// Whether the similarity depends on values.
  var needsValues: Bool {
    guard score.score == .kernel else { return false }
    return neighbors.map { $0.count == nil } ?? choice.needsValues(for: kernel)
  }

  func check(_ data: DataTable) throws(Failure) {
    guard case .given(let bandwidths) = choice, bandwidths.count != data.inputNames.count,
      bandwidths.count > 1 || !data.labels.isEmpty
    else { return }
    throw .usage(
      "--bandwidth gives \(counted(bandwidths.count, "number")) for "
        + counted(data.inputNames.count, "input"))
  }

  /// The estimator, its bandwidths chosen, and what `--verbose` tells of it.
  ///
  /// - Parameter progress: what predictions report to.
  func estimator(
    for data: DataTable, queryCount: Int, execution: Execution,
    progress: (@Sendable (Double) -> Void)?
  ) throws -> (estimator: Estimator, words: String) {
    var reporting = execution
    reporting.progress = progress
    if let neighbors {
      let (made, reason) = try neighbors.estimator(
        for: data, values: data.valuesOrZeros, kernel: kernel, options: similarity,
        execution: reporting)
      let of = similarity.adaptive ? "each key" : "each query"
      return (
        .kernel(LocalPolynomial(made)), "neighbors: \(made.neighbors?.count ?? 0) of \(of)\(reason)"
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
    let resolved = try choice.resolved(
      for: kernel, inputs: data.keyNames.count, hasLabels: !data.labels.isEmpty
    ) { method in
      try selected(by: method, from: data, kernel, similarity, compute, execution)
    }
    let polynomial = try LocalPolynomial(
      keys: data.keys, values: data.valuesOrZeros, observationWeights: data.observationWeights,
      kernel: kernel, bandwidths: resolved.bandwidths, combination: similarity.combination,
      labels: similarity.labelKernels(of: data), degree: similarity.degree,
      emptyWindow: similarity.empty, isCausal: similarity.causal, engine: compute.engine,
      accuracy: compute.accuracy, queryCount: queryCount, execution: reporting)
    let numbers = resolved.bandwidths.map { "\($0)" }.joined(separator: ",")
    let width = "bandwidth: \(numbers)\(resolved.reason)"
    guard score.isPlain else {
      let words = "\(scores) of the \(kernel.nameInProse) kernel"
      let made = try attention(polynomial.similarity)
      return (.attention(made, "\(words), bandwidth \(numbers)"), "score: \(words)\n\(width)")
    }
    return (.kernel(polynomial), width)
  }
}
