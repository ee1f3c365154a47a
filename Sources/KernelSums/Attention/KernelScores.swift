internal import RealModule
internal import SimilarityKernels

/// Scores ln α(q, k), by the weights of the direct engine, which are anchored wherever a query lies.
///
/// A mask takes rows away, and so do rows that a query leaves out: what remains is a problem of its own.
struct KernelScores: Sendable {
  private let problem: KernelSumProblem
  private let mask: AttentionMask

  init(_ problem: KernelSumProblem, mask: AttentionMask) {
    self.problem = problem
    self.mask = mask
  }

  /// Writes the normalised weights of a run of keys, zeros for those that are left out; or their
  /// logarithms without observation weights.
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
