public import KernelSums
internal import RealModule
public import SimilarityKernels

/// A criterion of one table as a function of the bandwidths.
///
/// ```swift
/// let criterion = try BandwidthCriterion(.leaveOneOut, keys: Points(times), values: [readings])
/// let curve = try bandwidthPath(from: 0.1, to: 10, count: 200).map { try criterion([$0]) }
/// ```
///
/// With several value columns it is the sum over them, each column in its own standard deviations,
/// so that their units do not matter. From one bandwidth to the next whatever does not depend on it is
/// kept.
public final class BandwidthCriterion {
  /// Which criterion it is.
  public let method: BandwidthMethod

  /// The number of evaluations.
  private(set) var evaluations = 0

  /// The report of the latest bandwidths; nil before the first evaluation.
  public private(set) var lastReport: CriterionReport?

  let table: SelectionTable
  let kernel: Kernel

  /// Whether a bandwidth that leaves a row without support when left out is infeasible.
  let needsSupport: Bool

  /// Whether a row is predicted from rows that are not later.
  let isCausal: Bool

  /// What an estimator of the table says about itself at given bandwidths.
  typealias Reporter = ([Double]) throws(KernelRegressionError) -> CriterionReport

  private let report: Reporter

  /// The criterion of an estimator over the rows of a table.
  ///
  /// - Precondition: the method has a criterion.
  init(
    _ method: BandwidthMethod, of table: SelectionTable, kernel: Kernel,
    emptyWindow: EmptyWindowPolicy, isCausal: Bool = false, report: @escaping Reporter
  ) {
    precondition(method.hasCriterion, "\(method.rawValue) minimises no criterion")
    self.method = method
    self.table = table
    self.kernel = kernel
    self.isCausal = isCausal
    needsSupport = method == .leaveOneOut && !emptyWindow.predicts
    self.report = report
  }

  /// The criterion of a local polynomial, by default of degree 0: the Nadaraya–Watson estimator.
  ///
  /// - Parameters: a method that ``BandwidthMethod/hasCriterion``, a degree from 0 to 3, and those of
  ///   ``NadarayaWatson/init(keys:values:observationWeights:kernel:bandwidths:combination:labels:emptyWindow:isCausal:engine:accuracy:queryCount:execution:)``;
  ///   under ``EmptyWindowPolicy/fail`` a bandwidth that leaves a row without support is infeasible.
  /// - Throws: ``KernelRegressionError`` if shapes disagree, a number is not finite or there are fewer
  ///   than two rows with weight.
  /// - Complexity: O(n·(d + p)).
  public convenience init(
    _ method: BandwidthMethod,
    keys: Points,
    values: [[Double]],
    observationWeights: [Double]? = nil,
    kernel: Kernel = .gaussian,
    combination: InputCombination = .product,
    labels: [LabelKernel] = [],
    degree: Int = 0,
    emptyWindow: EmptyWindowPolicy = .notANumber,
    isCausal: Bool = false,
    engine: EngineChoice = .automatic,
    accuracy: Double? = nil,
    execution: Execution = Execution()
  ) throws(KernelRegressionError) {
    try NadarayaWatson.validate(
      keys: keys, values: values, observationWeights: observationWeights)
    let table = try SelectionTable(
      keys: keys, values: values, observationWeights: observationWeights)
    let policy = emptyWindow == .fail ? EmptyWindowPolicy.notANumber : emptyWindow
    let execution = execution.unreported
    var last: LocalPolynomial?
    self.init(
      method, of: table, kernel: kernel, emptyWindow: emptyWindow, isCausal: isCausal
    ) {
      bandwidths throws(KernelRegressionError) in
      try execution.checkCancellation()
      let estimator =
        if let last {
          try last.withBandwidths(bandwidths)
        } else {
          try LocalPolynomial(
            keys: table.keys, values: table.values, observationWeights: table.observationWeights,
            kernel: kernel, bandwidths: bandwidths, combination: combination, labels: labels,
            degree: degree, emptyWindow: policy, isCausal: isCausal, engine: engine,
            accuracy: accuracy, execution: execution)
        }
      last = estimator
      return try estimator.criteria()
    }
  }

  /// The criterion in the unit of the values; infinite where it does not exist.
  ///
  /// - Parameter bandwidths: one for each input, or a single one for all.
  /// - Throws: ``KernelRegressionError`` if a bandwidth is not positive, or the engine that was asked
  ///   for cannot serve.
  /// - Complexity: that of a prediction at n queries.
  public func callAsFunction(_ bandwidths: [Double]) throws(KernelRegressionError) -> Double {
    inUnitOfValues(try scaled(bandwidths))
  }

  /// Where the bandwidth of one input is sought.
  ///
  /// From a quarter of the usual gap between keys, or where the criterion needs every row supported when
  /// left out from the first bandwidth that does so, to eight times their range.
  ///
  /// - Precondition: there is one input.
  /// - Complexity: O(n log n).
  public var range: ClosedRange<Double> {
    precondition(table.keys.dimension == 1, "a range of bandwidths belongs to one input")
    return BandwidthRange.ofOneInput(
      table.keys.coordinates.sorted(), kernel: kernel, needsSupport: needsSupport,
      isCausal: isCausal)
  }

  /// The criterion in the unit of the table.
  func scaled(_ bandwidths: [Double]) throws(KernelRegressionError) -> Double {
    evaluations += 1
    let report = try report(bandwidths)
    lastReport = report
    return table.combined(report, method)
  }

  /// The criterion at the bandwidths of a grid in the unit of the table, and where it does not exist.
  ///
  /// - Parameter progress: called with the part of the grid that is done.
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

  func inUnitOfValues(_ value: Double) -> Double { table.inUnitOfValues(value, method) }

  /// What a change of the criterion is measured by: differences of a logarithm matter themselves, those
  /// of another criterion relative to it.
  func scale(of value: Double) -> Double {
    method == .correctedAkaike ? 1 : max(value.magnitude, .leastNormalMagnitude)
  }

  /// By how much two values of the criterion differ at most when nothing but rounding tells them apart.
  func noise(at value: Double) -> Double { table.noise(at: value, method) }
}
