internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// Estimates of degree 0 at queries that have been checked; part of an operation that is cancelled as a
  /// whole.
  func means(
    at queries: Points, omission: Omission, diagnostics: Bool
  ) throws(KernelRegressionError) -> Predictions {
    var estimates = values.map { _ in [Double](repeating: .nan, count: queries.count) }
    var effectiveSampleSizes = diagnostics ? [Double](repeating: 0, count: queries.count) : nil
    var empty: [Int] = []
    for (run, execution) in runs(of: queries) {
      let sums = engine.sums(
        at: queries, in: run, omission: omission, squares: diagnostics, execution: execution)
      try execution.checkCancellation()
      sums.withUnsafeSums { sums in
        for column in values.indices {
          divide(sums.column(column), by: sums.weights, of: run, column, into: &estimates[column])
        }
        let (weights, squaredWeights) = (sums.weights, sums.squaredWeights)
        for slot in 0..<run.count where !(weights[slot] > 0) {
          empty.append(run.lowerBound + slot)
        }
        guard diagnostics else { return }
        for slot in 0..<run.count where weights[slot] > 0 {
          effectiveSampleSizes?[run.lowerBound + slot] =
            weights[slot] / squaredWeights[slot] * weights[slot]
        }
      }
    }
    try fill(empty, of: &estimates, at: queries, omission: omission)
    try execution.checkCancellation()
    return Predictions(
      estimates: estimates, emptyWindows: empty, effectiveSampleSizes: effectiveSampleSizes,
      nearestDistances: diagnostics
        ? keyWeights.nearestDistances(of: queries, omission: omission, execution: execution) : nil)
  }

  /// The runs of queries to pass to the engine, each with its share of the progress.
  func runs(of queries: Points) -> [(run: Range<Int>, execution: Execution)] {
    stride(from: 0, to: queries.count, by: engine.runLength).map { start in
      let run = start..<min(start + engine.runLength, queries.count)
      var execution = execution
      if let progress = execution.progress {
        execution.progress = {
          progress((Double(run.lowerBound) + $0 * Double(run.count)) / Double(queries.count))
        }
      }
      return (run, execution)
    }
  }

  /// Writes the estimates for a run of queries; 0/0 gives NaN, which the policy may replace.
  private func divide(
    _ sums: UnsafeMutablePointer<Double>, by weights: UnsafeMutablePointer<Double>,
    of run: Range<Int>, _ column: Int, into estimates: inout [Double]
  ) {
    let scale = valueScales[column]
    estimates.withUnsafeMutableBufferPointer { estimates in
      let estimates = UnsafeMutableBufferPointer(rebasing: estimates[run])
      for slot in 0..<run.count {
        estimates[slot] = weights[slot] > 0 ? sums[slot] / weights[slot] * scale : .nan
      }
    }
  }

  /// Replaces estimates according to the policy; where it gives none, they stay NaN.
  func fill(
    _ empty: [Int], of estimates: inout [[Double]], at queries: Points, omission: Omission
  ) throws(KernelRegressionError) {
    guard !empty.isEmpty else { return }
    if emptyWindow == .mean {
      // The mean is the prediction of the constant kernel, for any labels.
      let everywhere = problem.withoutInputs
      guard !isCausal else {
        return fillCausally(empty, of: &estimates, from: everywhere, at: queries, omission)
      }
      let means = DirectEngine(everywhere).sums(
        at: omission == .own ? everywhere.keys : everywhere.keys.selecting(0..<1),
        omission: omission,
        execution: execution)
      for query in empty {
        fill(query, of: &estimates, from: means[omission == .own ? query : 0])
      }
      return
    }
    let weights = try weightsInEmptyWindows(
      empty, of: queries, excluded: { omission == .own ? $0 : nil })
    for (query, entries) in zip(empty, weights) where !entries.isEmpty {
      for column in values.indices {
        let scale = valueScales[column]
        estimates[column][query] =
          entries.reduce(0) { $0 + $1.weight * (values[column][$1.key] / scale) } * scale
      }
    }
  }

  /// The means of the keys that are not later than each query.
  private func fillCausally(
    _ empty: [Int], of estimates: inout [[Double]], from everywhere: KernelSumProblem,
    at queries: Points, _ omission: Omission
  ) {
    let isOwn = omission == .own
    let places = isOwn ? everywhere.keys : Points(empty.map { queries[$0].first ?? .nan })
    let queryCount = isOwn ? keys.count : empty.count
    let engine: any KernelSumEngine =
      (try? EngineChoice.automatic.engine(
        for: everywhere, queryCount: queryCount, execution: execution.silent
      ).engine) ?? DirectEngine(everywhere)
    let means = engine.sums(at: places, omission: omission, execution: execution.unreported)
    for (slot, query) in empty.enumerated() {
      fill(query, of: &estimates, from: means[isOwn ? query : slot])
    }
  }

  private func fill(
    _ query: Int, of estimates: inout [[Double]], from entry: AnchoredSums.Entry
  ) {
    guard entry.weight > 0 else { return }
    for column in values.indices {
      let pooled = entry.columns[entry.columns.startIndex + column]
      estimates[column][query] = pooled / entry.weight * valueScales[column]
    }
  }
}
