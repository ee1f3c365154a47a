internal import Nadaraya

extension ViewRows {
  /// The rows as an estimator needs them, the input along the picture first.
  var sample: Sample {
    get throws(KernelRegressionError) {
      try Sample(keys: points, values: [values], weights: weights)
    }
  }

  /// The estimator of a view whose bandwidths are known; what does not depend on them is cached.
  func estimator(_ view: View, _ execution: Execution) throws(KernelRegressionError)
    -> KernelSmoother
  {
    let bandwidths = pictureOrder(view.bandwidths ?? [])
    let key = EstimatorKey(kernel: view.kernelName, degree: view.degree)
    let kept = try estimators.answer(to: key) { () throws(KernelRegressionError) in
      try KernelSmoother(
        sample, Similarity(view.kernel, bandwidths: bandwidths), degree: view.degree)
    }
    var estimator = try kept.withBandwidths(bandwidths)
    estimator.execution = execution
    return estimator
  }

  /// The bandwidths of the rule of thumb, in the view's order.
  ///
  /// Kernels that the rule does not cover get those of the Gaussian. An input that is the same in all
  /// rows is ignored and has bandwidth 1, on which nothing depends.
  func ruleOfThumb(_ view: View) throws(KernelRegressionError) -> [Double] {
    try rulesOfThumb.answer(to: view.kernelName) { () throws(KernelRegressionError) in
      let kernel =
        view.kernel.bandwidth(matching: 1, of: .gaussian) == nil ? Kernel.gaussian : view.kernel
      let varying = columns.indices.filter { input in
        columns[input].indices.contains {
          columns[input][$0] != columns[input][0] && weights?[$0] ?? 1 > 0
        }
      }
      var bandwidths = [Double](repeating: 1, count: columns.count)
      guard !varying.isEmpty, (weights.map { $0.count { $0 > 0 } } ?? count) > 1 else {
        return bandwidths
      }
      let found: [Double]
      do throws(KernelRegressionError) {
        found = try Bandwidths.select(
          .ruleOfThumb,
          for: Sample(
            keys: Points(columns: varying.map { columns[$0] }), values: [values], weights: weights),
          similarity: Similarity(kernel)
        ).bandwidths
      } catch {
        guard error.code == .noFeasibleBandwidth else { throw error }
        return bandwidths
      }
      for (input, bandwidth) in zip(varying, found) {
        bandwidths[input] = min(
          max(bandwidth, .leastNormalMagnitude), .greatestFiniteMagnitude)
      }
      return bandwidths
    }
  }

  /// Sensible ends of a slider for each bandwidth: from a quarter of the usual gap between keys to eight
  /// times their range.
  func sliderRanges() throws(KernelRegressionError) -> [FitAnswer.SliderRange] {
    try keptRanges.answer(to: 0) { () throws(KernelRegressionError) in
      var ranges: [FitAnswer.SliderRange] = []
      for column in columns {
        guard column.count > 1 else {
          ranges.append(FitAnswer.SliderRange(least: 0.1, greatest: 10))
          continue
        }
        // This criterion exists even if few rows support each other, so its range is that of the keys.
        let range = try BandwidthCriterion(
          .generalizedCrossValidation, of: Sample(column, values)
        ).range
        ranges.append(
          FitAnswer.SliderRange(least: range.lowerBound, greatest: range.upperBound))
      }
      return ranges
    }
  }
}
