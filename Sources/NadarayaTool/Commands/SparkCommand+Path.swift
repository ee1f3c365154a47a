import Nadaraya
import Tables
import Wording

extension SparkCommand {
  /// Writes the leave-one-out error along a path of bandwidths, as `nadaraya bandwidth --path` does.
  func follow(_ table: SparkTable, _ run: SparkRun, _ format: TableWriter.Format) async throws {
    guard let count = path else { return }
    let path = try SparkPath(count: count, from: from, to: to, sample: sample)
    let kernel = try pathKernel(table)
    if !printSQL { try await run.check() }
    let survey = try await run.survey(sample: sample)
    let rows = survey.sample
    let job = SparkPathJob(
      table: table, kernel: kernel,
      bandwidths: try path.bandwidths(kernel, over: rows, of: table), rows: rows)
    let parcel = try await run.parcel(job)
    if printSQL { return try write(parcel) }
    if survey.rowCount > rows.count {
      StandardError.write(
        "\(table.name): errors at \(rows.count) of \(counted(survey.rowCount, "row"))\n")
    }
    let sums = try await run.sums(of: parcel, addedTo: SumCollection(try job.sums))
    let criteria = try sums.criteria()
    PathEnds.warnOfInfeasible(criteria, of: .leaveOneOut, format: format)
    try run.timings.measure(.write) {
      try TableWriter.write(
        [("bandwidth", .numbers(job.bandwidths)), ("criterion", .numbers(criteria))],
        format: format, to: output.output)
    }
  }

  /// The kernel of a path, once its options are checked.
  private func pathKernel(_ table: SparkTable) throws(Failure) -> Kernel {
    try SparkPlan.check(similarity)
    let (kernel, choice) = try similarity.parsed(hasLabels: data.columns.hasLabels)
    guard case .method(.leaveOneOut) = choice else {
      throw .usage(
        "--path follows the leave-one-out error, not --bandwidth \(similarity.bandwidth)",
        hint: "use --bandwidth loo")
    }
    if similarity.degree > 0 { throw .usage("a path on a cluster needs --degree 0") }
    if engine == .sql { throw .usage("a path needs --engine native") }
    if table.keyNames.count != 1 || data.columns.hasLabels {
      throw .usage(
        "a path needs one numeric input and no labels, not \(counted(table.inputNames.count, "input"))"
      )
    }
    if queries.at != nil || queries.grid != nil {
      throw .usage("a path is computed at the rows, so it cannot be combined with --at or --grid")
    }
    if kernel == .constant {
      throw .usage("the constant kernel ignores the bandwidth, so there is none to choose")
    }
    return kernel
  }
}
