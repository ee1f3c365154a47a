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

  /// The tables that get a bandwidth each: one for each value column, or all in one.
  private func tables(_ method: BandwidthMethod) -> [DataTable] {
    BandwidthChoice.method(method).needsValues(for: kernel) && !similarity.commonBandwidth
      ? data.valueNames.indices.map(data.ofValue) : [data]
  }

  /// Writes the local minima, and the figure if requested.
  func writeSelection(
    by method: BandwidthMethod, format: TableWriter.Format, to path: String?,
    figure: (path: String, format: PictureFormat)?
  ) async throws {
    let tables = tables(method)
    if tables.count > 1, format == .npy {
      throw Failure.usage(
        "names of values cannot be written as npy",
        hint: "use --format csv or json, or --common-bandwidth for one choice")
    }
    let selections = try timings.measure(.compute) {
      try tables.map { try selected(by: method, from: $0, kernel, similarity, compute, execution) }
    }
    for (table, selection) in zip(tables, selections) {
      let name = tables.count > 1 ? table.valueNames[0] : nil
      if compute.verbose { selection.describe(of: name) }
      selection.warn(of: name, over: data.inputNames)
    }
    if similarity.causal { selections[0].warnOfLaterRows(isOneInput: false) }
    try timings.measure(.write) {
      try write(selections, format: format, to: path)
    }
    if let figure {
      let drawn = try timings.measure(.compute) {
        Figure(joining: try zip(tables, selections).map(self.figure), of: data)
      }
      let bytes = try await figure.format.bytes(of: drawn.tellingSimplifications())
      try timings.measure(.write) { try AtomicFile.write(bytes, to: figure.path) }
    }
  }

  private func write(
    _ selections: [BandwidthSelection], format: TableWriter.Format, to path: String?
  ) throws {
    let (names, degree) = (data.valueNames, similarity.degree)
    guard format == .json else {
      return try TableWriter.write(
        selections.count > 1
          ? BandwidthSelection.columns(selections, of: names, inputs: data.inputNames)
          : selections[0].columns(inputs: data.inputNames), format: format, to: path)
    }
    try AtomicFile.write(
      selections.count > 1
        ? BandwidthSelection.json(selections, of: names, kernel: kernel, degree: degree)
        : selections[0].json(kernel: kernel, degree: degree), to: path)
  }

  private func figure(_ data: DataTable, of selection: BandwidthSelection) throws -> Figure {
    try CriterionFigure(
      data: data, kernel: kernel, degree: similarity.degree,
      labelKernels: similarity.labelKernels(of: data),
      criterion: criterion(selection.method, of: data), selection: selection
    ).figure()
  }

  private func criterion(
    _ method: BandwidthMethod, of data: DataTable
  ) throws -> BandwidthCriterion {
    try BandwidthCriterion(
      method, of: data.sample, similarity: similarity.similarity(kernel, of: data),
      degree: similarity.degree, emptyWindow: similarity.empty, isCausal: similarity.causal,
      computation: compute.computation(execution))
  }

  /// Writes the criterion along bandwidths that are even in their logarithm.
  func writePath(
    of method: BandwidthMethod, along ends: PathEnds, format: TableWriter.Format, to path: String?
  ) throws {
    let bar = ProgressBar("following the path")
    defer { bar.finish() }
    let tables = tables(method)
    let criteria = try tables.map { try criterion(method, of: $0) }
    let bandwidths = try ends.bandwidths(within: criteria[0].range)
    var values = tables.map { _ in [Double]() }
    try timings.measure(.compute) {
      for (table, criterion) in criteria.enumerated() {
        for bandwidth in bandwidths {
          values[table].append(try criterion([bandwidth]))
          bar.report?(
            (Double(table) + Double(values[table].count) / Double(bandwidths.count))
              / Double(tables.count))
        }
      }
    }
    bar.finish()
    // Where a criterion does not exist depends on the keys alone.
    PathEnds.warnOfInfeasible(values[0], of: method, format: format)
    var columns: [(name: String, values: TableWriter.Values)] = [
      ("bandwidth", .numbers(bandwidths))
    ]
    for (table, criteria) in zip(tables, values) {
      let name = tables.count > 1 ? "criterion_\(table.valueNames[0])" : "criterion"
      columns.append((name, .numbers(criteria)))
    }
    try timings.measure(.write) { try TableWriter.write(columns, format: format, to: path) }
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
  return try choosing { () throws(KernelRegressionError) in
    try Bandwidths.select(
      method, for: data.sample, similarity: similarity.similarity(kernel, of: data),
      degree: similarity.degree, emptyWindow: similarity.empty, isCausal: similarity.causal,
      computation: compute.computation(execution))
  }
}

/// The result of a choice of bandwidths, or why there is none and what helps.
func choosing<Choice>(
  _ choose: () throws(KernelRegressionError) -> Choice
) throws -> Choice {
  do {
    return try choose()
  } catch {
    guard [.tooFewKeys, .noFeasibleBandwidth, .unsuitableMethod].contains(error.code) else {
      throw error
    }
    throw Failure(
      ExitCode(error.code), error.description,
      hint: "--bandwidth H gives one instead of choosing it")
  }
}
