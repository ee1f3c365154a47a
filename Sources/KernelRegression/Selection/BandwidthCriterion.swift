public import KernelSums
internal import RealModule
public import SimilarityKernels

/// A criterion of one sample as a function of the bandwidths.
///
/// ```swift
/// let criterion = try BandwidthCriterion(.leaveOneOut, of: Sample(times, readings))
/// let curve = try Bandwidths.path(from: 0.1, to: 10, count: 200).map { try criterion([$0]) }
/// ```
///
/// With several value columns it is the sum over them, each in units of its standard deviation, so that
/// their units do not matter. Whatever does not depend on the bandwidths is prepared once.
public struct BandwidthCriterion: Sendable {
  /// Which criterion it is.
  public let method: BandwidthMethod

  let table: SelectionTable
  let kernel: Kernel

  /// Whether a bandwidth that leaves a left-out row without support is infeasible.
  let needsSupport: Bool

  /// Whether a row is predicted from rows that are not later.
  let isCausal: Bool

  /// Reports the errors of an estimator of the table at given bandwidths.
  typealias Reporter = @Sendable ([Double]) throws(KernelRegressionError) -> CriterionReport

  private let reporter: Reporter

  /// Errors at a sample of the rows, for a large table where narrow windows take long.
  var sample: CriterionSample?

  /// The same for a large table of several inputs.
  var rowSample: RowSample?

  /// The criterion in the unit of the table with its derivatives along the logarithms of the bandwidths, where
  /// these take less time than differences.
  typealias Sloped =
    @Sendable ([Double]) throws(KernelRegressionError) -> (
      value: Double, slopes: [Double]?
    )
  var sloped: Sloped?

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
    reporter = report
  }

  /// The criterion of an estimator, by default of degree 0: the Nadaraya–Watson estimator.
  ///
  /// - Parameters:
  ///   - method: one that ``BandwidthMethod/hasCriterion``.
  ///   - sample: keys, values and observation weights.
  ///   - similarity: kernel, labels and how inputs combine; its bandwidths are ignored.
  ///   - degree: p, from 0 to 3.
  ///   - emptyWindow: what is predicted where no key supports a row; under ``EmptyWindowPolicy/fail`` a
  ///     bandwidth that leaves a row without support is infeasible.
  ///   - isCausal: whether a row is predicted from rows that are not later.
  ///   - computation: engine, accuracy, threads and cancellation.
  /// - Throws: ``KernelRegressionError`` if there are fewer than two rows with weight, a label is not a
  ///   level number, or the degree is not from 0 to 3.
  /// - Precondition: the method has a criterion.
  /// - Complexity: O(n·(d + p)).
  public init(
    _ method: BandwidthMethod, of sample: Sample, similarity: Similarity = Similarity(),
    degree: Int = 0, emptyWindow: EmptyWindowPolicy = .notANumber, isCausal: Bool = false,
    computation: Computation = Computation()
  ) throws(KernelRegressionError) {
    precondition(method.hasCriterion, "\(method.rawValue) minimises no criterion")
    try sample.requireWeight()
    let sampleSize =
      RowSample.serves(sample, similarity, isCausal, emptyWindow, computation)
      ? RowSample.size(sample.keys.count) : 0
    let table = try SelectionTable(
      sample, sortingOn: computation.execution, sampleSize: sampleSize)
    var computation = computation.unreported
    computation.queryCount = nil
    let prototype = try SmootherPrototype(
      table.sample, similarity, degree: degree,
      emptyWindow: emptyWindow == .fail ? .notANumber : emptyWindow, isCausal: isCausal,
      computation: computation)
    self.init(
      method, of: table, kernel: similarity.kernel, emptyWindow: emptyWindow, isCausal: isCausal
    ) { bandwidths throws(KernelRegressionError) in
      try prototype.computation.execution.checkCancellation()
      return try prototype.smoother(bandwidths).criteria()
    }
    /// The criterion at some rows, and its slopes.
    @Sendable func evaluated(
      _ bandwidths: [Double], _ rows: Range<Int>, slopes: Bool
    ) throws(KernelRegressionError) -> (
      value: Double, slopes: [Double]?, squares: [Double]
    ) {
      try prototype.computation.execution.checkCancellation()
      let found = try prototype.smoother(bandwidths, queryCount: rows.count)
        .criterionSlopes(in: rows, wantsSlopes: slopes, inverses: method != .leaveOneOut)
      return (
        table.combined(found.report, method),
        found.slopes.map { table.combined($0.criteria(method, of: found.report), method) },
        table.combined(found.leaveOneOutSquares)
      )
    }
    let hasSlopes = similarity.kernel.isGaussian && similarity.labels.isEmpty && !isCausal
    // In few inputs an evaluation visits cells, which takes less time than the pairs of a slope.
    if hasSlopes, computation.engine == .automatic,
      table.keys.dimension > 3
        || table.keys.dimension > 1 && table.keys.count <= (degree > 0 ? 20_000 : 2_000)
    {
      sloped = { bandwidths throws(KernelRegressionError) in
        let found = try evaluated(bandwidths, table.keys.indices, slopes: true)
        return (found.value, found.slopes)
      }
    }
    if table.keys.dimension > 1, sampleSize > 0, sampleSize < table.keys.count {
      rowSample = RowSample(table, method: method, visitsPairs: table.keys.dimension > 3) {
        bandwidths, size, slopes throws(KernelRegressionError) in
        try evaluated(bandwidths, 0..<size, slopes: slopes && hasSlopes)
      }
    }
    // Of weights that differ a sample may miss the largest.
    guard method == .leaveOneOut, sample.weights == nil, !isCausal, similarity.labels.isEmpty,
      computation.engine == .automatic, computation.search == .automatic, table.keys.dimension == 1,
      table.keys.count >= CriterionSample.smallestTable
    else { return }
    self.sample = CriterionSample(of: table, kernel: similarity.kernel, degree: degree) {
      bandwidths, runs, isNarrow throws(KernelRegressionError) in
      try prototype.computation.execution.checkCancellation()
      return table.combined(
        try prototype.smoother(bandwidths, isPlanned: !isNarrow)
          .leaveOneOutSquares(in: runs, isNarrow: isNarrow))
    }
  }

  /// The criterion in the unit of the values; infinite where it does not exist.
  ///
  /// - Parameter bandwidths: one for each input, or a single one for all.
  /// - Throws: ``KernelRegressionError`` if a bandwidth is not positive, or the requested engine is
  ///   unsuitable.
  /// - Complexity: that of a prediction at n queries.
  public func callAsFunction(_ bandwidths: [Double]) throws(KernelRegressionError) -> Double {
    try evaluated(bandwidths).value
  }

  /// The criterion in the unit of the values, and its terms.
  ///
  /// - Parameter bandwidths: one for each input, or a single one for all.
  /// - Throws: ``KernelRegressionError``, as ``callAsFunction(_:)`` does.
  /// - Complexity: that of a prediction at n queries.
  package func evaluated(
    _ bandwidths: [Double]
  ) throws(KernelRegressionError) -> (value: Double, report: CriterionReport) {
    let report = try report(bandwidths)
    return (inUnitOfValues(table.combined(report, method)), report)
  }

  /// The range searched for the bandwidth of one input.
  ///
  /// From a quarter of the usual gap between keys (or, if the criterion needs support for every left-out
  /// row, the first bandwidth that gives it) to eight times their range.
  ///
  /// - Precondition: there is one input.
  /// - Complexity: O(n log n).
  public var range: ClosedRange<Double> {
    precondition(table.keys.dimension == 1, "a range of bandwidths needs exactly one input")
    return BandwidthRange.ofOneInput(
      table.keys.coordinates.sorted(), kernel: kernel, needsSupport: needsSupport,
      isCausal: isCausal)
  }

  func report(_ bandwidths: [Double]) throws(KernelRegressionError) -> CriterionReport {
    try reporter(bandwidths)
  }

  func inUnitOfValues(_ value: Double) -> Double { table.inUnitOfValues(value, method) }

  /// The scale of a change in the criterion: absolute for a logarithm, relative for other criteria.
  func scale(of value: Double) -> Double {
    method == .correctedAkaike ? 1 : max(value.magnitude, .leastNormalMagnitude)
  }

  /// The largest difference between two values of the criterion that rounding alone can make.
  func noise(at value: Double) -> Double { table.noise(at: value, method) }
}
