internal import KernelSums
internal import SimilarityKernels

extension Attention {
  static func validate(
    _ score: AttentionScore, inputs: Int
  ) throws(KernelRegressionError) {
    switch score {
    case .kernel: break
    case .dotProduct(let scale):
      if let scale, !scale.isFinite {
        throw KernelRegressionError(.invalidScore, "the scale \(scale) is not a finite number")
      }
    case .cosine(let temperature):
      // The inverse of a smaller one overflows.
      guard temperature.isNormal, temperature > 0 else {
        throw KernelRegressionError(
          .invalidScore, "the temperature \(temperature) is not a positive number")
      }
    }
  }

  static func validate(
    _ normalization: AttentionNormalization, observationWeights: [Double]?
  ) throws(KernelRegressionError) {
    if case .entmax(let alpha) = normalization, !(alpha > 1 && alpha.isFinite) {
      throw KernelRegressionError(.invalidScore, "α of entmax is \(alpha), not a number above 1")
    }
    guard normalization != .softmax, let observationWeights, let first = observationWeights.first,
      let other = observationWeights.firstIndex(where: { $0 != first })
    else { return }
    throw KernelRegressionError(
      .invalidWeight,
      "observation weight \(other) is \(observationWeights[other]) and the first is \(first), but only "
        + "softmax supports weights that differ")
  }

  /// The queries as points, and the key that each leaves out.
  ///
  /// - Throws: ``KernelRegressionError`` if they are not finite, do not have the keys' inputs, or do not
  ///   fit the mask.
  func resolved(
    _ queries: Queries
  ) throws(KernelRegressionError) -> (points: Points, omission: Omission) {
    let (queries, omission) = queries.resolved(for: keys)
    guard queries.dimension == keys.dimension else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "queries have dimension \(queries.dimension), but keys have dimension \(keys.dimension)")
    }
    try Sample.validateFinite(queries, called: "query")
    guard case .pairs(let pairs) = mask, pairs.count != queries.count * keys.count else {
      return (queries, omission)
    }
    throw KernelRegressionError(
      .dimensionMismatch,
      "the mask has length \(pairs.count), not the number of queries, \(queries.count), times that of keys, "
        + "\(keys.count)")
  }
}
