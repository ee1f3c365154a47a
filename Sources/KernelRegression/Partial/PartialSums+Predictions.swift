internal import SimilarityKernels

extension PartialSums {
  /// The estimates at the queries, once all parts are merged.
  ///
  /// - Parameters:
  ///   - emptyWindow: what is predicted where no key supports a query; not ``EmptyWindowPolicy/nearest``,
  ///     since the keys are elsewhere.
  ///   - gradients: whether to add the derivatives, which come with degree 1.
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/nearest``, if gradients are asked of
  ///   degree 0, if there are no keys with weight, and under ``EmptyWindowPolicy/fail`` if no key supports a
  ///   query.
  /// - Complexity: O(m·p) of degree 0, O(m·d²·p) of degree 1.
  public func predictions(
    emptyWindow: EmptyWindowPolicy = .notANumber, gradients: Bool = false
  ) throws(KernelRegressionError) -> Predictions {
    if gradients, degree == 0 {
      throw KernelRegressionError(
        .invalidDegree, "gradients are those of a polynomial of degree 1 to 3, not 0")
    }
    guard emptyWindow != .nearest else {
      throw KernelRegressionError(
        .unsuitableMethod, "the nearest key of a query is not among what parts of a table tell")
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
      let rows = fit.rows
      if rows.contains(where: { $0.weight.factor == 0 }) {
        lowered.append(.init(query: query, degree: 0))
      }
      for value in 0..<valueCount {
        let coefficients = Self.coefficients(rows, value)
        estimates[value][query] = estimate(coefficients, at: query, from: fit.centre)
        for input in coefficients.indices.dropLast() {
          slopes[value][input][query] = coefficients[input + 1] / similarity.bandwidths[input]
        }
      }
    }
    return Predictions(
      estimates: estimates, gradients: gradients ? slopes : nil, emptyWindows: empty,
      loweredDegrees: lowered, effectiveSampleSizes: nil, nearestDistances: nil)
  }

  /// The coefficients of the polynomial about the centre, or where the keys do not determine it the mean
  /// alone.
  private static func coefficients(_ rows: [GradedRow], _ value: Int) -> [Double] {
    guard rows.allSatisfy({ $0.weight.factor > 0 }) else { return [rows[0].means[value]] }
    var coefficients = rows.map { $0.means[value] }
    for row in rows.indices.reversed() {
      for later in row + 1..<max(rows.count, row + 1) {
        coefficients[row] -= rows[row].entries[later] * coefficients[later]
      }
    }
    return coefficients
  }

  private func estimate(_ coefficients: [Double], at query: Int, from centre: [Double]) -> Double {
    let query = queries[query]
    return zip(coefficients.dropFirst(), centre.indices).reduce(coefficients[0]) { sum, term in
      let place =
        (query[query.startIndex + term.1] - centre[term.1]) / similarity.bandwidths[term.1]
      return sum + term.0 * place
    }
  }
}
