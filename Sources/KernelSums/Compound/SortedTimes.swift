internal import SimilarityKernels

/// The times of keys, ascending.
final class SortedTimes: Sendable {
  let times: [Double]

  init(_ problem: KernelSumProblem) {
    times = problem.keys.indices
      .filter { problem.observationWeights?[$0] ?? 1 > 0 }
      .map { problem.keys.coordinates[$0 * problem.keys.dimension] }.sorted()
  }
}
