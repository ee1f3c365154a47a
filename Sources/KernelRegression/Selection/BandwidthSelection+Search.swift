internal import RealModule
internal import SimilarityKernels

extension BandwidthSelection {
  /// The bandwidths with the least criterion that a search finds.
  ///
  /// The criterion, a function of the bandwidths, is the only link between estimators and searches.
  ///
  /// - Parameters:
  ///   - stepPredictions: for a Nadaraya–Watson estimator, its prediction at each left-out row that no
  ///     other row supports, for each value column; called only for the boxcar.
  ///   - bounds: the range of bandwidths to search for each input; nil for the usual ranges.
  init(
    searching criterion: BandwidthCriterion, bounds: [SearchInput]? = nil,
    progress: (@Sendable (Double) -> Void)?,
    stepPredictions: (() throws(KernelRegressionError) -> [[Double]])?
  ) throws(KernelRegressionError) {
    let keys = criterion.table.keys
    let kernel = criterion.kernel
    let search = CriterionSearch(criterion)
    let selection: BandwidthSelection?
    let greatest: [Double]
    if keys.dimension == 1, bounds == nil {
      let range = criterion.range
      greatest = [range.upperBound]
      if kernel.isBoxcar {
        let steps = BoxcarSearch(search, range: range, progress: progress)
        if let stepPredictions, BoxcarSearch.seesEveryStep(rows: keys.count) {
          selection = steps.everyStep(predictions: try stepPredictions())
        } else {
          selection = try steps.sample()
        }
      } else {
        selection = try CurveSearch(search, range: range, progress: progress).run()
      }
    } else {
      let inputs = bounds ?? SearchInput.continuous(keys)
      greatest = inputs.map(\.upper)
      selection = try SurfaceSearch(search, inputs: inputs, progress: progress).run()
    }
    guard let selection else { throw Self.nothingFeasible(criterion, upTo: greatest) }
    self = selection
  }

  private static func nothingFeasible(
    _ criterion: BandwidthCriterion, upTo greatest: [Double]
  ) -> KernelRegressionError {
    let limits = greatest.map { "\($0)" }.joined(separator: ", ")
    let rows = criterion.table.keys.count
    let lack =
      switch criterion.method {
      case .leaveOneOut: "gives every row support when left out"
      case .generalizedCrossValidation: "keeps the trace of H below the number of rows, \(rows)"
      default: "keeps the trace of H more than 2 below the number of rows, \(rows)"
      }
    return KernelRegressionError(.noFeasibleBandwidth, "no bandwidth up to \(limits) \(lack)")
  }
}

extension Kernel {
  var isGaussian: Bool {
    if case .builtIn(.gaussian) = form { true } else { false }
  }

  var isBoxcar: Bool {
    if case .builtIn(.boxcar) = form { true } else { false }
  }
}
