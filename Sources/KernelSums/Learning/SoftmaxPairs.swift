internal import SimilarityKernels
internal import _CKernelSums

/// Softmax over the scores of all pairs of queries and keys, columns pooled under it, and the
/// derivatives with respect to the places of queries and keys.
///
/// ```
/// s_ij = −½ ‖q_i − k_j‖²  or  q_i·k_j
/// p_ij = exp(s_ij + λ_j − l_i),    l_i = ln Σⱼ exp(s_ij + λ_j),    y_ic = Σⱼ p_ij c_j
/// ```
///
/// A query may leave one key out. Weights are relative to the largest of their query, so no query is
/// too far from all keys. Each query's and each key's results depend only on the instruction set.
package struct SoftmaxPairs: Sendable {
  /// What a score is.
  package enum Score: Sendable {
    /// −½ ‖q − k‖².
    case distance
    /// q·k.
    case innerProduct
  }

  let score: Score
  let queryCount: Int
  let keyCount: Int
  /// Coordinates; the same object if the queries are the keys.
  let queries: PaddedColumns
  let keys: PaddedColumns
  let columns: PaddedColumns
  /// λ, in a separate column.
  let logWeights: PaddedColumns
  /// The key that each query leaves out, −1 for none.
  let excludedKeys: [Int]

  /// Queries and keys with the same number of coordinates.
  ///
  /// - Parameters:
  ///   - queries: r columns of m finite numbers.
  ///   - keys: r columns of n finite numbers.
  ///   - columns: the columns to pool, p columns of n finite numbers.
  ///   - logWeights: λ, n numbers, −∞ for keys that do not count; nil for zeros.
  ///   - excluded: the key that each query leaves out, −1 for none; nil for none at all.
  /// - Precondition: shapes match.
  /// - Complexity: O((n + m)·r + n·p).
  package init(
    score: Score, queries: [[Double]], keys: [[Double]], columns: [[Double]],
    logWeights: [Double]? = nil, excluded: [Int]? = nil
  ) {
    self.init(
      score: score, queries: Self.padded(queries), keys: Self.padded(keys),
      counts: (queries[0].count, keys[0].count), columns: columns, logWeights: logWeights,
      excluded: excluded)
    precondition(
      queries.count == keys.count, "queries and keys must have the same number of coordinates")
  }

  /// Points that attend to each other but not to themselves.
  ///
  /// - Parameters: as above.
  package init(
    points: [[Double]], columns: [[Double]], logWeights: [Double]? = nil
  ) {
    let places = Self.padded(points)
    let count = points[0].count
    self.init(
      score: .distance, queries: places, keys: places, counts: (count, count), columns: columns,
      logWeights: logWeights, excluded: Array(0..<count))
  }

  private init(
    score: Score, queries: PaddedColumns, keys: PaddedColumns, counts: (Int, Int),
    columns: [[Double]], logWeights: [Double]?, excluded: [Int]?
  ) {
    (queryCount, keyCount) = counts
    precondition(
      columns.allSatisfy { $0.count == counts.1 }, "a column needs one number for each key")
    precondition(
      excluded.map { $0.count == counts.0 } ?? true,
      "exactly one key must be left out for each query")
    self.score = score
    self.queries = queries
    self.keys = keys
    self.columns = Self.padded(columns)
    self.logWeights = Self.padded(
      [logWeights ?? [Double](repeating: 0, count: counts.1)], with: -.infinity)
    excludedKeys = excluded ?? [Int](repeating: -1, count: counts.0)
  }

  static let rowLength = Int(NADARAYA_SOFTMAX_ROWS)

  static func padded(_ columns: [[Double]], with filling: Double = 0) -> PaddedColumns {
    PaddedColumns(
      rowCount: columns.first?.count ?? 0, multiple: Int(NADARAYA_SOFTMAX_PADDING),
      columnCount: columns.count
    ) { numbers, column, padded in
      let count = columns[column].count
      numbers.update(from: columns[column], count: count)
      for row in count..<padded { numbers[row] = filling }
    }
  }
}

extension PaddedColumns {
  /// Pointers to all columns, for the loops.
  var pointers: [UnsafePointer<Double>?] { (0..<columnCount).map { column($0) } }
}
