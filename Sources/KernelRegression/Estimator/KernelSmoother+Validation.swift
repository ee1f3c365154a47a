internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother {
  /// The points of queries, and which key each of them leaves out.
  ///
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs, is not finite or has a
  ///   level that no key has.
  func resolved(
    _ queries: Queries
  ) throws(KernelRegressionError) -> (points: Points, omission: Omission) {
    let (points, omission) = queries.resolved(for: keys)
    guard case .points = queries.place else { return (points, omission) }
    guard points.dimension == keys.dimension else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "queries have \(points.dimension) inputs, keys have \(keys.dimension)")
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

  /// The same of what is asked of the fit to all rows.
  func resolvedForAllRows(_ queries: Queries) throws(KernelRegressionError) -> Points {
    guard queries != .leaveOneOut else {
      throw KernelRegressionError(
        .unsuitableMethod, "intervals belong to the fit to all rows, not to that without a row")
    }
    return try resolved(queries).points
  }

  /// Refuses what makes no estimator whatever the bandwidths.
  static func validate(
    degree: Int, _ similarity: Similarity, isCausal: Bool, accuracy: Double?
  ) throws(KernelRegressionError) {
    guard (0...3).contains(degree) else {
      throw KernelRegressionError(.invalidDegree, "the degree \(degree) is not from 0 to 3")
    }
    guard degree == 0 || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .invalidDegree, "labels alone make no polynomial of degree \(degree)")
    }
    guard !isCausal || !similarity.bandwidths.isEmpty else {
      throw KernelRegressionError(
        .dimensionMismatch, "labels alone have no earlier and no later; time is a continuous input")
    }
    if let accuracy, !(accuracy > 0 && accuracy <= 0.1) {
      throw KernelRegressionError(
        .invalidAccuracy, "the accuracy \(accuracy) is not a number above 0 and at most 0.1")
    }
  }

  /// Refuses what bandwidths from nearest keys do not serve.
  static func validate(
    _ neighbors: NeighborBandwidths, _ sample: Sample, _ similarity: Similarity, degree: Int,
    isCausal: Bool, engine: EngineChoice
  ) throws(KernelRegressionError) {
    guard degree == 0, !isCausal, similarity.labels.isEmpty, engine == .automatic else {
      throw KernelRegressionError(
        .unsuitableMethod,
        "bandwidths from nearest keys serve degree 0 with all keys, without labels and with the engine of "
          + "their own")
    }
    let count = sample.weights?.count { $0 > 0 } ?? sample.keys.count
    guard neighbors.count <= count else {
      throw KernelRegressionError(
        .tooFewKeys, "\(neighbors.count) neighbors are asked for of \(count) keys with weight")
    }
  }
}
