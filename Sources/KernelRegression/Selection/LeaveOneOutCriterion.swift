internal import KernelSums
internal import SimilarityKernels

/// The leave-one-out criterion of one table, as a function of the bandwidths.
///
/// ```
/// LOO(h) = Σᵢ ωᵢ (vᵢ − ŷ₋ᵢ(kᵢ))² / Σᵢ ωᵢ
/// ```
///
/// ŷ₋ᵢ is the estimate without row i. With several value columns it is the sum over the columns of
/// LOO over the column's variance, so that their units do not matter.
///
/// ## Source
/// M. Stone, Cross-validatory choice and assessment of statistical predictions, Journal of the
/// Royal Statistical Society B 36 (1974), doi:10.1111/j.2517-6161.1974.tb00994.x.
struct LeaveOneOutCriterion {
  let keys: Points
  let values: [[Double]]
  let observationWeights: [Double]?
  let kernel: Kernel
  let combination: InputCombination
  let emptyWindow: EmptyWindowPolicy
  let engine: EngineChoice
  let execution: Execution

  /// The criterion; infinite where a row has no support when left out and the policy puts nothing
  /// in its place.
  func callAsFunction(_ bandwidths: [Double]) throws(KernelRegressionError) -> Double {
    let policy: EmptyWindowPolicy = emptyWindow == .fail ? .notANumber : emptyWindow
    let estimator = try NadarayaWatson(
      keys: keys, values: values, observationWeights: observationWeights, kernel: kernel,
      bandwidths: bandwidths, combination: combination, emptyWindow: policy, engine: engine,
      execution: execution)
    let errors = try estimator.leaveOneOutErrors()
    guard values.count > 1 else { return errors[0] }
    return zip(values, errors).reduce(0) { $0 + $1.1 / max(variance($1.0), .ulpOfOne) }
  }

  private func variance(_ column: [Double]) -> Double {
    let weights = observationWeights ?? column.map { _ in 1 }
    let total = weights.reduce(0, +)
    let mean = zip(weights, column).reduce(0) { $0 + $1.0 * $1.1 } / total
    return zip(weights, column).reduce(0) {
      $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean)
    } / total
  }
}
