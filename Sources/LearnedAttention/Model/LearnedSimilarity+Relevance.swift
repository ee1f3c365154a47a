internal import RealModule

extension LearnedSimilarity {
  /// The relevance of each input: its standard deviation in bandwidths.
  ///
  /// ```
  /// √Σᵣ A[r, j]²   of a continuous input;   of a factor the root mean square over its columns
  /// ```
  ///
  /// Correlated inputs share information, so neither number describes its input alone. Nil for
  /// projections, whose scores are not distances.
  ///
  /// - Complexity: O(r·D).
  public var relevances: [Double]? {
    switch form {
    case .projections: return nil
    case .bandwidth: return [Double](repeating: abs(inverseBandwidths[0]), count: inputCount)
    case .bandwidths: return inverseBandwidths.map(abs)
    case .metric:
      return (0..<inputCount).map { input in
        let columns = expansion.columns(of: input)
        let squares = columns.map { column in metric.reduce(0) { $0 + $1[column] * $1[column] } }
        return .sqrt(squares.reduce(0, +) / Double(columns.count))
      }
    }
  }
}
