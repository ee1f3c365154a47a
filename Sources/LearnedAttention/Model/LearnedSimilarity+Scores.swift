internal import KernelRegression
internal import RealModule
public import SimilarityKernels

extension LearnedSimilarity {
  /// The scores s(q, k) of one query and some keys.
  ///
  /// - Parameters:
  ///   - query: shape `[d]`, in the units of the keys.
  ///   - keys: shape `[n, d]`.
  /// - Precondition: query and keys have as many inputs as the similarity; their numbers are finite and
  ///   their levels exist.
  /// - Complexity: O(n·r·D).
  package func scores(query: [Double], keys: Points) -> [Double] {
    guard let query = try? projectedQueries(Points(rowMajor: query, dimension: query.count)),
      let keys = try? projectedKeys(keys)
    else { preconditionFailure("query and keys must be points of this similarity") }
    return keys[0].indices.map { row in
      zip(query, keys).reduce(0) { sum, column in
        let (q, k) = (column.0[0], column.1[row])
        return isDistance ? sum - (q - k) * (q - k) / 2 : sum + q * k
      }
    }
  }

  /// The similarities α(q, k) = exp(s(q, k)) of one query and some keys.
  ///
  /// - Parameters: as for ``scores(query:keys:)``.
  /// - Complexity: O(n·r·D).
  public func weights(query: [Double], keys: Points) -> [Double] {
    scores(query: query, keys: keys).map { Double.exp($0) }
  }
}
