package import KernelSums
package import SimilarityKernels

/// Residuals and their sizes under one smoother, by which bias and unequal noise are seen.
///
/// Both are smoothed by a Gaussian kernel whose bandwidth has the least corrected Akaike criterion of the two
/// together.
package struct ResidualSmooth {
  private let smoother: NadarayaWatson

  /// The bandwidth of both.
  package var bandwidth: Double { smoother.similarity.bandwidths[0] }

  /// The places of the residuals that were smoothed.
  package var keys: Points { smoother.keys }

  /// Smooths the finite residuals of rows with weight.
  ///
  /// - Throws: ``KernelRegressionError`` where those residuals determine no bandwidth, or the work is
  ///   cancelled.
  /// - Complexity: that of a search for a bandwidth.
  package init(
    _ residuals: [Double], over places: [Double], weights: [Double]?, queryCount: Int,
    execution: Execution
  ) throws(KernelRegressionError) {
    let rows = residuals.indices.filter {
      residuals[$0].isFinite && places[$0].isFinite && (weights?[$0] ?? 1) > 0
    }
    let keys = Points(rows.map { places[$0] })
    let values = [rows.map { residuals[$0] }, rows.map { residuals[$0].magnitude }]
    let weights = weights.map { weights in rows.map { weights[$0] } }
    let selection = try NadarayaWatson.selectBandwidths(
      by: .correctedAkaike, keys: keys, values: values, observationWeights: weights,
      execution: execution)
    smoother = try NadarayaWatson(
      keys: keys, values: values, observationWeights: weights, bandwidths: selection.bandwidths,
      queryCount: queryCount, execution: execution.unreported)
  }

  /// The smooth of the residuals and that of their sizes.
  package func estimates(
    at places: Points
  ) throws(KernelRegressionError) -> (mean: [Double], size: [Double]) {
    let estimates = try smoother.predict(places).estimates
    return (estimates[0], estimates[1])
  }
}
