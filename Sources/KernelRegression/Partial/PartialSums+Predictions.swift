internal import SimilarityKernels

extension PartialSums {
  /// The estimates at the queries, once all parts are merged.
  ///
  /// - Parameters:
  ///   - emptyWindow: what is predicted where no key supports a query; not ``EmptyWindowPolicy/nearest``,
  ///     since the keys are elsewhere.
  ///   - gradients: whether to add the derivatives, which need degree 1.
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/nearest``, if gradients are requested
  ///   at degree 0, if there are no keys with weight, and under ``EmptyWindowPolicy/fail`` if no key
  ///   supports a query.
  /// - Complexity: O(m·p) for degree 0, O(m·d²·p) for degree 1.
  public func predictions(
    emptyWindow: EmptyWindowPolicy = .notANumber, gradients: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    if gradients, degree == 0 {
      throw KernelRegressionError(
        .invalidDegree, "gradients need a polynomial of degree 1 to 3, not 0")
    }
    guard emptyWindow != .nearest else {
      throw KernelRegressionError(
        .unsuitableMethod, "sums of parts do not include the nearest key of a query")
    }
    guard keyCount > 0 else {
      throw KernelRegressionError(.tooFewKeys, "there are no keys to attend to")
    }
    guard total.weight.factor > 0 else {
      throw KernelRegressionError(.invalidWeight, "all observation weights are 0")
    }
    let empty = fits.indices.filter { !fits.supports($0) }
    if let first = empty.first, emptyWindow == .fail {
      let place = queries[first].map { "\($0)" }.joined(separator: ", ")
      throw KernelRegressionError(.emptyWindow, "no key supports query \(first) at \(place)")
    }
    var estimates = (0..<valueCount).map { value in
      [Double](repeating: emptyWindow == .mean ? total.means[value] : .nan, count: fits.count)
    }
    var slopes = (0..<valueCount).map { _ in
      similarity.bandwidths.map { _ in [Double](repeating: .nan, count: fits.count) }
    }
    var lowered: [Predictions.LoweredDegree] = []
    for query in fits.indices {
      guard let fit = fits[query] else { continue }
      let line = FittedLine(
        fit, at: queries[query], bandwidths: similarity.bandwidths, valueCount: valueCount)
      if line.degree < degree {
        // Under a decaying kernel all keys have weight, so no bandwidth determines more.
        lowered.append(
          .init(
            query: query, degree: 0,
            attainableDegree: similarity.kernel.hasLogProfile ? 0 : degree))
      }
      for value in 0..<valueCount {
        estimates[value][query] = line.values[value]
        for (input, slope) in line.slopes[value].enumerated() {
          slopes[value][input][query] = slope / similarity.bandwidths[input]
        }
      }
    }
    return Predictions(
      estimates: estimates, gradients: gradients ? slopes : nil, emptyWindows: empty,
      loweredDegrees: lowered, effectiveSampleSizes: nil, nearestDistances: nil)
  }
}
