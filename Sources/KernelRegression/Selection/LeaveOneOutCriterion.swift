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
    let predictions = try estimator.leaveOneOut()
    let rows = keys.indices.filter { weight($0) > 0 }
    let total = rows.reduce(0) { $0 + weight($1) }
    var criterion = 0.0
    for (column, estimates) in zip(values, predictions.estimates) {
      let error =
        rows.reduce(0) { sum, row in
          let residual = column[row] - estimates[row]
          return sum + weight(row) * residual * residual
        } / total
      criterion += values.count == 1 ? error : error / max(variance(column, rows, total), .ulpOfOne)
    }
    return criterion.isNaN ? .infinity : criterion
  }

  private func weight(_ row: Int) -> Double { observationWeights?[row] ?? 1 }

  private func variance(_ column: [Double], _ rows: [Int], _ total: Double) -> Double {
    let mean = rows.reduce(0) { $0 + weight($1) * column[$1] } / total
    return rows.reduce(0) {
      $0 + weight($1) * (column[$1] - mean) * (column[$1] - mean)
    } / total
  }
}
