internal import KernelRegression
internal import RealModule

extension LearnedSimilarity {
  /// The similarity of a parametrisation's numbers.
  init(
    _ candidate: Candidate, expansion: InputExpansion
  ) throws(KernelRegressionError) {
    let numbers = candidate.parameters
    func matrix(_ rank: Int, from start: Int = 0) -> [[Double]] {
      let count = expansion.columnCount
      return (0..<rank).map {
        Array(numbers[start + $0 * count..<start + ($0 + 1) * count])
      }
    }
    let learned: Numbers =
      switch candidate.form {
      case .bandwidth: .bandwidth(inverse: numbers[0].magnitude)
      case .bandwidths: .bandwidths(inverse: numbers.map(\.magnitude))
      case .metric(let rank): .metric(matrix(rank))
      case .projections(let rank):
        .projections(
          Projections(
            queries: matrix(rank),
            queryBias: Array(
              numbers[rank * expansion.columnCount..<rank * expansion.columnCount + rank]),
            keys: matrix(rank, from: rank * expansion.columnCount + rank),
            temperature: .exp(numbers[numbers.count - 1])))
      }
    try self.init(
      learned, centers: expansion.centers, scales: expansion.scales,
      levelCounts: expansion.levelCounts)
  }
}
