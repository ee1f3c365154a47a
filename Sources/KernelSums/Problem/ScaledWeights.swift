internal import RealModule

/// The observation weights divided by a power of two that brings the largest near 1, so that no sum of
/// them leaves the range of doubles.
final class ScaledWeights: Sendable {
  /// ω divided by the power of two; nil if all are 1.
  let weights: [Double]?

  /// ln of the power of two.
  let logScale: Double

  init(_ problem: KernelSumProblem) {
    let largest = problem.observationWeights?.max() ?? 1
    let scale = largest > 0 ? largest.binade : 1
    logScale = .log(scale)
    weights =
      scale == 1
      ? problem.observationWeights : problem.observationWeights?.map { $0 / scale }
  }
}
