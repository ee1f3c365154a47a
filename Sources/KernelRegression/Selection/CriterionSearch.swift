internal import SimilarityKernels

/// A criterion during a search, with a count of evaluations.
final class CriterionSearch {
  let criterion: BandwidthCriterion

  /// The number of evaluations.
  private(set) var evaluations = 0

  /// The number of estimates from a sample of the rows.
  private(set) var estimates = 0

  /// The report of the latest bandwidths; nil before the first evaluation.
  private(set) var lastReport: CriterionReport?

  init(_ criterion: BandwidthCriterion) { self.criterion = criterion }

  /// The criterion in the unit of the table.
  func scaled(_ bandwidths: [Double]) throws(KernelRegressionError) -> Double {
    evaluations += 1
    let report = try criterion.report(bandwidths)
    lastReport = report
    return criterion.table.combined(report, criterion.method)
  }

  /// The criterion in the unit of the table with its slopes; nil where differences serve as well.
  func sloped(
    _ bandwidths: [Double]
  ) throws(KernelRegressionError) -> (value: Double, slopes: [Double]?)? {
    guard let sloped = criterion.sloped else { return nil }
    evaluations += 1
    return try sloped(bandwidths)
  }

  /// The criterion of a sample of the rows.
  func estimated(
    by sample: RowSample, ofSize size: Int, at bandwidths: [Double], slopes: Bool
  ) throws(KernelRegressionError) -> RowSample.Estimate {
    estimates += 1
    return try sample.estimate(bandwidths, size, slopes)
  }

  /// The errors at a sample of the rows; see ``CriterionSample``.
  func errors(
    of sample: CriterionSample, at bandwidth: Double, ofFew isFew: Bool
  ) throws(KernelRegressionError) -> CriterionSample.Errors {
    estimates += 1
    return try sample.errors(at: bandwidth, ofFew: isFew)
  }

  /// The criterion at the bandwidths of a grid in the unit of the table, and where it does not exist.
  ///
  /// - Parameter progress: called with the fraction of the grid that is done.
  func along(
    _ grid: [[Double]], progress: (Double) -> Void
  ) throws(KernelRegressionError) -> (
    values: [Double], infeasible: [BandwidthSelection.Infeasible]
  ) {
    var values: [Double] = []
    var infeasible: [BandwidthSelection.Infeasible] = []
    for bandwidths in grid {
      let value = try scaled(bandwidths)
      values.append(value)
      if value == .infinity, let lastReport {
        infeasible.append(
          .init(bandwidths: bandwidths, unsupportedRows: lastReport.unsupportedRows))
      }
      progress(Double(values.count) / Double(grid.count))
    }
    return (values, infeasible)
  }
}

extension CriterionSearch {
  var method: BandwidthMethod { criterion.method }
  var kernel: Kernel { criterion.kernel }
  var table: SelectionTable { criterion.table }
  var needsSupport: Bool { criterion.needsSupport }
  func inUnitOfValues(_ value: Double) -> Double { criterion.inUnitOfValues(value) }
  func scale(of value: Double) -> Double { criterion.scale(of: value) }
  func noise(at value: Double) -> Double { criterion.noise(at: value) }
}
