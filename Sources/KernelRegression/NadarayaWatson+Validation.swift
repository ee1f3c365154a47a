package import SimilarityKernels

extension NadarayaWatson {
  /// Refuses what cannot be fitted.
  ///
  /// - Parameter needsWeight: whether a table without any weight is refused.
  package static func validate(
    keys: Points, values: [[Double]], observationWeights: [Double]?, needsWeight: Bool = true
  ) throws(KernelRegressionError) {
    guard keys.count > 0 else {
      throw KernelRegressionError(.tooFewKeys, "there are no keys to attend to")
    }
    try validateFinite(keys, called: "key")
    guard !values.isEmpty else {
      throw KernelRegressionError(.dimensionMismatch, "there are no value columns")
    }
    for column in values {
      try validateCount(column.count, of: "values", keys: keys.count)
      if !column.largestMagnitude.isFinite, let row = column.firstIndex(where: { !$0.isFinite }) {
        throw KernelRegressionError(.notFinite, "value \(row) is \(column[row]), not a number")
      }
    }
    guard let observationWeights else { return }
    try validateCount(observationWeights.count, of: "observation weights", keys: keys.count)
    if let row = observationWeights.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
      throw KernelRegressionError(
        .invalidWeight,
        "observation weight \(row) is \(observationWeights[row]), not a number of at least 0")
    }
    guard !needsWeight || observationWeights.contains(where: { $0 > 0 }) else {
      throw KernelRegressionError(.invalidWeight, "all observation weights are 0")
    }
  }

  /// The queries, if they are finite and have as many inputs as the keys.
  func validate(queries: Points) throws(KernelRegressionError) {
    guard queries.dimension == keys.dimension else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "queries have \(queries.dimension) inputs, keys have \(keys.dimension)")
    }
    try Self.validateFinite(queries, called: "query")
    try validateLevels(of: queries)
  }

  /// One bandwidth for each input.
  ///
  /// - Parameters:
  ///   - continuous: how many inputs are not labels.
  ///   - labels: the kernel and the number of levels of those that are.
  static func validated(
    _ bandwidths: [Double], continuous: Int, labels: [(kernel: LabelKernel, levelCount: Int)]
  ) throws(KernelRegressionError) -> [Double] {
    let dimension = continuous + labels.count
    guard bandwidths.count == dimension || (bandwidths.count == 1 && labels.isEmpty) else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "\(bandwidths.count) \(bandwidths.count == 1 ? "bandwidth is" : "bandwidths are") given for "
          + "\(dimension) \(dimension == 1 ? "input" : "inputs")")
    }
    if let wrong = bandwidths.prefix(labels.isEmpty ? bandwidths.count : continuous)
      .first(where: { !($0.isNormal && $0 > 0) })
    {
      throw KernelRegressionError(
        .invalidBandwidth,
        "bandwidth \(wrong) is "
          + (wrong > 0 && wrong < 1 ? "too small, below 2e-308" : "not a positive number"))
    }
    for (bandwidth, label) in zip(bandwidths.dropFirst(continuous), labels) {
      let largest = label.kernel.largestBandwidth(levelCount: label.levelCount)
      guard bandwidth >= 0, bandwidth <= largest else {
        throw KernelRegressionError(
          .invalidBandwidth,
          "bandwidth \(bandwidth) of a label is not between 0 and \(largest), the range of the "
            + "\(label.kernel.rawValue) kernel over "
            + "\(label.levelCount) \(label.levelCount == 1 ? "level" : "levels")")
      }
    }
    return bandwidths.count == dimension
      ? bandwidths : [Double](repeating: bandwidths[0], count: dimension)
  }

  package static func validateFinite(
    _ points: Points, called name: String
  ) throws(KernelRegressionError) {
    // Beyond 2¹⁰²² the difference of two coordinates can overflow.
    guard !(points.coordinates.largestMagnitude <= 0x1p1022),
      let place = points.coordinates.firstIndex(where: { !($0.magnitude <= 0x1p1022) })
    else { return }
    let coordinate = points.coordinates[place]
    throw KernelRegressionError(
      .notFinite,
      "input \(place % points.dimension) of \(name) \(place / points.dimension) is \(coordinate), "
        + (coordinate.isFinite ? "beyond 4e307" : "not a number"))
  }

  private static func validateCount(
    _ count: Int, of name: String, keys: Int
  ) throws(KernelRegressionError) {
    guard count == keys else {
      throw KernelRegressionError(
        .dimensionMismatch, "there are \(count) \(name) for \(keys) keys")
    }
  }
}
