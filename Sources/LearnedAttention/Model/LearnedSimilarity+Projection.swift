internal import KernelRegression
internal import KernelSums
internal import SimilarityKernels

extension LearnedSimilarity {
  /// The projected queries that are compared with projected keys, r columns.
  ///
  /// A q̃ for distances, (Wq q̃ + β)/τ for projections, at most ±2⁵⁰⁰: sums of products of two such
  /// numbers do not overflow.
  ///
  /// - Throws: if a query has the wrong number of inputs, is not finite or has an invalid level.
  /// - Complexity: O(m·r·D).
  func projectedQueries(_ queries: Points) throws(KernelRegressionError) -> [[Double]] {
    let columns = try expansion.standardized(queries, called: "query")
    guard case .projections = form else { return projected(columns) }
    return zip(queryProjection, queryBias).map { row, bias in
      columns.combined(row).map { InputExpansion.clamped(($0 + bias) / temperature) }
    }
  }

  /// The projected keys that are compared with projected queries, r columns.
  func projectedKeys(_ keys: Points) throws(KernelRegressionError) -> [[Double]] {
    let columns = try expansion.standardized(keys, called: "key")
    guard case .projections = form else { return projected(columns) }
    return keyProjection.map { columns.combined($0).map(InputExpansion.clamped) }
  }

  /// A x̃ of standardised columns.
  private func projected(_ columns: [[Double]]) -> [[Double]] {
    switch form {
    case .bandwidth:
      return columns.map { column in column.map { $0 * inverseBandwidths[0] } }
    case .bandwidths:
      return (0..<inputCount).flatMap { input in
        expansion.columns(of: input).map { column in
          columns[column].map { $0 * inverseBandwidths[input] }
        }
      }
    case .metric, .projections:
      return metric.map { columns.combined($0) }
    }
  }
}
