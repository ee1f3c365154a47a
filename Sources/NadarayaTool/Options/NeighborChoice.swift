import Nadaraya
import Wording

/// A number of neighbours, or the method that finds it.
struct NeighborChoice {
  /// K; nil where it has to be chosen.
  let count: Int?
  let center: NeighborBandwidths.Center

  /// The choice in the options; nil where they do not mention neighbours.
  init?(_ options: SimilarityOptions, _ compute: ComputeOptions, hasLabels: Bool) throws(Failure) {
    guard let neighbors = options.neighbors else {
      if options.adaptive {
        throw .usage("--adaptive needs --neighbors", hint: "--neighbors K gives their number")
      }
      return nil
    }
    if options.bandwidth != "loo" {
      throw .usage(
        "--bandwidth and --neighbors cannot be combined, because both set the width of the kernel")
    }
    if options.degree > 0 { throw .usage("--neighbors needs --degree 0") }
    if options.causal { throw .usage("--neighbors cannot be combined with --causal") }
    if hasLabels { throw .usage("--neighbors cannot be combined with --factor or --ordered") }
    if compute.engine != .automatic {
      throw .usage("--neighbors uses its own engine, not --engine \(compute.engine.rawValue)")
    }
    center = options.adaptive ? .ofKeys : .ofQueries
    guard neighbors != "loo" else {
      count = nil
      return
    }
    guard let number = Int(neighbors), number >= 1 else {
      throw .usage("--neighbors \(neighbors) is neither a number of at least 1 nor loo")
    }
    count = number
  }

  /// The estimator, with its number of neighbours chosen where it is not given.
  func estimator(
    for data: DataTable, kernel: Kernel, options: SimilarityOptions, execution: Execution
  ) throws -> (estimator: KernelSmoother, reason: String) {
    let sample = try data.sample
    let similarity = Similarity(kernel, combination: options.combination)
    var (neighbors, reason) = (NeighborBandwidths(count: count ?? 1, center: center), ", as given")
    if count == nil {
      let bar = ProgressBar("choosing the neighbors")
      defer { bar.finish() }
      var execution = execution
      execution.progress = bar.report
      let selected = try Bandwidths.select(
        center == .ofKeys ? .neighborsOfKeys : .neighbors, for: sample, similarity: similarity,
        emptyWindow: options.empty, computation: Computation(execution))
      neighbors = selected.neighbors ?? neighbors
      reason =
        ", least leave-one-out error found, \(short(selected.criterion ?? .nan, digits: 10)) "
        + "(mean square), of \(selected.evaluations) tried"
    }
    let estimator = try KernelSmoother(
      sample, similarity, neighbors: neighbors, emptyWindow: options.empty,
      computation: Computation(execution))
    return (estimator, reason)
  }
}
