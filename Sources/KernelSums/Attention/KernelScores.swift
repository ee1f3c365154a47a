internal import RealModule
internal import SimilarityKernels

/// Scores ln α(q, k), from the weights of the direct engine, which are anchored for every query.
///
/// Rows that are masked or left out are removed; the remaining rows form a separate problem.
struct KernelScores: Sendable {
  private let problem: KernelSumProblem
  private let mask: AttentionMask

  init(_ problem: KernelSumProblem, mask: AttentionMask) {
    self.problem = problem
    self.mask = mask
  }

  /// Writes the normalised weights of a run of keys, zeros for keys left out; or their logarithms
  /// without observation weights.
  func write(
    _ slots: UnsafeMutableBufferPointer<Double>, of run: Range<Int>, at query: [Double],
    isLeftOut: (Int) -> Bool, asWeights: Bool
  ) {
    let kept = run.filter { !isLeftOut($0) }
    let isWhole = kept.count == problem.keys.count
    slots.update(repeating: asWeights ? 0 : -.infinity)
    guard !kept.isEmpty else { return }
    let seen = isWhole ? problem : problem.keeping(kept)
    let weights = seen.keyWeights.normalizedWeights(
      at: Points(rowMajor: query, dimension: problem.keys.dimension), range: 0..<1,
      omission: .none, execution: Execution(threads: 1))
    for (key, weight) in zip(kept, weights) {
      slots[key - run.lowerBound] = asWeights ? weight : .log(weight)
    }
  }
}
