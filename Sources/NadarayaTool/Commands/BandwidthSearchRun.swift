import ArgumentParser
import Nadaraya
import NadarayaFigures
import Tables
import Wording

/// What the command `bandwidth` does with its data.
struct BandwidthSearchRun {
  let data: DataTable
  let kernel: Kernel
  let similarity: SimilarityOptions
  let compute: ComputeOptions
  let execution: Execution
  let timings: Timings

  /// Writes the local minima, and the figure that is asked for.
  func writeSelection(
    by method: BandwidthMethod, format: TableWriter.Format, to path: String?,
    figure: (path: String, format: PictureFormat)?
  ) async throws {
    let selection = try timings.measure(.compute) {
      try selected(by: method, from: data, kernel, similarity, compute, execution)
    }
    if compute.verbose { selection.describe(data) }
    selection.warnOfEnds(data)
    try timings.measure(.write) {
      if format == .json {
        try AtomicFile.write(selection.json(kernel: kernel, degree: similarity.degree), to: path)
      } else {
        try TableWriter.write(
          selection.columns(inputs: data.inputNames), format: format, to: path)
      }
    }
    if let figure {
      let drawn = try timings.measure(.compute) { try self.figure(of: selection) }
      let bytes = try await figure.format.bytes(of: drawn.tellingSimplifications())
      try timings.measure(.write) { try AtomicFile.write(bytes, to: figure.path) }
    }
  }

  private func figure(of selection: BandwidthSelection) throws -> Figure {
    try CriterionFigure(
      data: data, kernel: kernel, degree: similarity.degree,
      labelKernels: similarity.labelKernels(of: data), criterion: criterion(selection.method),
      selection: selection
    ).figure()
  }

  private func criterion(_ method: BandwidthMethod) throws -> BandwidthCriterion {
    try BandwidthCriterion(
      method, keys: data.keys, values: data.values, observationWeights: data.observationWeights,
      kernel: kernel, combination: similarity.combination,
      labels: similarity.labelKernels(of: data), degree: similarity.degree,
      emptyWindow: similarity.empty, isCausal: similarity.causal, engine: compute.engine,
      accuracy: compute.accuracy, execution: execution)
  }

  /// Writes the criterion along bandwidths that are even in their logarithm.
  func writePath(
    of method: BandwidthMethod, along ends: PathEnds, format: TableWriter.Format, to path: String?
  ) throws {
    let bar = ProgressBar("following the path")
    defer { bar.finish() }
    let criterion = try criterion(method)
    let bandwidths = try ends.bandwidths(within: criterion.range)
    var values: [Double] = []
    try timings.measure(.compute) {
      for bandwidth in bandwidths {
        values.append(try criterion([bandwidth]))
        bar.report?(Double(values.count) / Double(bandwidths.count))
      }
    }
    bar.finish()
    PathEnds.warnOfInfeasible(values, of: method, format: format)
    try timings.measure(.write) {
      try TableWriter.write(
        [("bandwidth", .numbers(bandwidths)), ("criterion", .numbers(values))], format: format,
        to: path)
    }
  }
}

/// The bandwidths that a method chooses for a command's data, under a progress bar.
func selected(
  by method: BandwidthMethod, from data: DataTable, _ kernel: Kernel,
  _ similarity: SimilarityOptions, _ compute: ComputeOptions, _ execution: Execution
) throws -> BandwidthSelection {
  let bar = ProgressBar("choosing the bandwidth")
  defer { bar.finish() }
  var execution = execution
  execution.progress = bar.report
  do {
    return try NadarayaWatson.selectBandwidths(
      by: method, keys: data.keys, values: data.valuesOrZeros,
      observationWeights: data.observationWeights, kernel: kernel,
      combination: similarity.combination, labels: similarity.labelKernels(of: data),
      degree: similarity.degree, emptyWindow: similarity.empty, isCausal: similarity.causal,
      engine: compute.engine, accuracy: compute.accuracy, execution: execution)
  } catch {
    guard [.tooFewKeys, .noFeasibleBandwidth, .unsuitableMethod].contains(error.code) else {
      throw error
    }
    throw Failure(
      ExitCode(error.code), error.description,
      hint: "--bandwidth H gives one instead of choosing it")
  }
}
