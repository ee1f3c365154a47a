internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// The queries as points, and the key that each leaves out.
  ///
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs, is not finite, or has
  ///   a level that no key has.
  func resolved(
    _ queries: Queries
  ) throws(KernelRegressionError) -> (points: Points, omission: Omission) {
    let (points, omission) = queries.resolved(for: keys)
    guard case .points = queries.place else { return (points, omission) }
    guard points.dimension == keys.dimension else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "queries have dimension \(points.dimension), but keys have dimension \(keys.dimension)")
    }
    try Sample.validateFinite(points, called: "query")
    for input in similarity.bandwidths.count..<keys.dimension {
      let known = Set(keys.column(input))
      let levels = points.column(input)
      if let query = levels.firstIndex(where: { !known.contains($0) }) {
        throw KernelRegressionError(
          .invalidLevel,
          "input \(input) of query \(query) is \(levels[query]), a level that no key has")
      }
    }
    return (points, omission)
  }

  /// The same for requests that use the fit to all rows.
  func resolvedForAllRows(_ queries: Queries) throws(KernelRegressionError) -> Points {
    guard queries != .leaveOneOut else {
      throw KernelRegressionError(
        .unsuitableMethod, "intervals are not available for leave-one-out queries")
    }
    return try resolved(queries).points
  }

  /// Rejects arguments that are invalid at any bandwidths.
  static func validate(
    degree: Int, _ similarity: Similarity, isCausal: Bool, accuracy: Double?
  ) throws(KernelRegressionError) {
    guard (0...3).contains(degree) else {
      throw KernelRegressionError(.invalidDegree, "the degree \(degree) is not between 0 and 3")
    }
    guard degree == 0 || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .invalidDegree, "degree \(degree) needs a continuous input, but all inputs are labels")
    }
    guard !isCausal || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "causal attention needs a continuous input for time, but all inputs are labels")
    }
    if let accuracy, !(accuracy > 0 && accuracy <= 0.1) {
      throw KernelRegressionError(
        .invalidAccuracy, "the accuracy \(accuracy) is not a number above 0 and at most 0.1")
    }
  }

  /// Rejects what bandwidths from nearest keys do not support.
  static func validate(
    _ neighbors: NeighborBandwidths, _ sample: Sample, _ similarity: Similarity, degree: Int,
    isCausal: Bool, engine: EngineChoice
  ) throws(KernelRegressionError) {
    guard degree == 0, !isCausal, similarity.labels.isEmpty, engine == .automatic else {
      throw KernelRegressionError(
        .unsuitableMethod,
        "bandwidths from nearest keys need degree 0, and cannot be combined with causality, labels or a "
          + "choice of engine")
    }
    let count = sample.weights?.count { $0 > 0 } ?? sample.keys.count
    guard neighbors.count <= count else {
      throw KernelRegressionError(
        .tooFewKeys,
        "the number of neighbors, \(neighbors.count), is more than the number of keys with weight, \(count)"
      )
    }
  }
}
