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
    let (centers, scales, levelCounts) = (
      expansion.centers, expansion.scales, expansion.levelCounts
    )
    switch candidate.form {
    case .bandwidth, .bandwidths:
      try self.init(
        form: candidate.form, centers: centers, scales: scales, levelCounts: levelCounts,
        inverseBandwidths: numbers.map(\.magnitude))
    case .metric(let rank):
      try self.init(
        form: candidate.form, centers: centers, scales: scales, levelCounts: levelCounts,
        metric: matrix(rank))
    case .projections(let rank):
      let start = rank * expansion.columnCount
      try self.init(
        form: candidate.form, centers: centers, scales: scales, levelCounts: levelCounts,
        queryProjection: matrix(rank), queryBias: Array(numbers[start..<start + rank]),
        keyProjection: matrix(rank, from: start + rank),
        temperature: .exp(numbers[numbers.count - 1]))
    }
  }
}
