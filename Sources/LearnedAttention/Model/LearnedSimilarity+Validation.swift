internal import KernelRegression

extension LearnedSimilarity {
  /// Rejects parts that do not agree: they may come from a file.
  func validate() throws(KernelRegressionError) {
    guard levelCounts.allSatisfy({ $0 >= 1 }), continuousCount >= 0, inputCount >= 1 else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "\(centers.count) centers do not fit \(levelCounts.count) factors with "
          + "\(levelCounts.map { "\($0)" }.joined(separator: ", ")) levels")
    }
    try expect(scales.count, centers.count, "scales")
    try expectFinite(centers, "a center")
    try expectFinite(scales, "a scale")
    guard scales.allSatisfy({ $0 > 0 }) else {
      throw KernelRegressionError(.invalidBandwidth, "all scales must be positive")
    }
    switch form {
    case .bandwidth: try expect(inverseBandwidths.count, 1, "inverse bandwidths")
    case .bandwidths: try expect(inverseBandwidths.count, inputCount, "inverse bandwidths")
    case .metric(let rank):
      try Self.validate(rank: rank, columns: centers.count)
      try expectMatrix(metric, rank, "the metric")
    case .projections(let rank):
      try Self.validate(rank: rank, columns: centers.count)
      try expectMatrix(queryProjection, rank, "the projection of queries")
      try expectMatrix(keyProjection, rank, "the projection of keys")
      try expect(queryBias.count, rank, "numbers in the bias")
      try expectModerate(queryBias, "a bias")
    }
    try expectModerate(inverseBandwidths, "an inverse bandwidth")
    guard temperature > 0, temperature.isFinite else {
      throw KernelRegressionError(
        .invalidBandwidth, "the temperature \(temperature) is not a positive number")
    }
  }

  /// Rejects ranks that no matrix with this many columns has.
  static func validate(rank: Int, columns: Int) throws(KernelRegressionError) {
    guard (1...columns).contains(rank) else {
      throw KernelRegressionError(
        .dimensionMismatch, "the rank \(rank) is not between 1 and \(columns), the number of inputs"
      )
    }
  }

  private func expectMatrix(
    _ rows: [[Double]], _ rank: Int, _ name: String
  ) throws(KernelRegressionError) {
    try expect(rows.count, rank, "rows in \(name)")
    for row in rows {
      try expect(row.count, centers.count, "columns in \(name)")
      try expectModerate(row, "a number in \(name)")
    }
  }

  private func expect(
    _ count: Int, _ expected: Int, _ name: String
  ) throws(KernelRegressionError) {
    guard count == expected else {
      throw KernelRegressionError(
        .dimensionMismatch, "the number of \(name) must be \(expected), not \(count)")
    }
  }

  private func expectFinite(_ numbers: [Double], _ name: String) throws(KernelRegressionError) {
    guard let wrong = numbers.first(where: { !$0.isFinite }) else { return }
    throw KernelRegressionError(.notFinite, "\(name) is \(wrong), not a finite number")
  }

  /// Rejects factors of standardised inputs whose products could overflow.
  private func expectModerate(_ numbers: [Double], _ name: String) throws(KernelRegressionError) {
    try expectFinite(numbers, name)
    guard let wrong = numbers.first(where: { $0.magnitude > 0x1p500 }) else { return }
    throw KernelRegressionError(.notFinite, "\(name) is \(wrong), beyond 2⁵⁰⁰")
  }
}
