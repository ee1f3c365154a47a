package import KernelSums
package import SimilarityKernels

/// Residuals and their sizes under one smoother, which shows bias and unequal noise.
///
/// A Gaussian kernel smooths both, with the bandwidth that minimises their joint corrected Akaike
/// criterion.
package struct ResidualSmooth {
  private let smoother: KernelSmoother

  /// The bandwidth of both.
  package var bandwidth: Double { smoother.similarity.bandwidths[0] }

  /// The places of the residuals that were smoothed.
  package var keys: Points { smoother.keys }

  /// Smooths the finite residuals of rows with weight.
  ///
  /// - Throws: ``KernelRegressionError`` if those residuals determine no bandwidth, or the work is
  ///   cancelled.
  /// - Complexity: that of a search for a bandwidth.
  package init(
    _ residuals: [Double], over places: [Double], weights: [Double]?, queryCount: Int,
    execution: Execution
  ) throws(KernelRegressionError) {
    let rows = residuals.indices.filter {
      residuals[$0].isFinite && places[$0].isFinite && (weights?[$0] ?? 1) > 0
    }
    let sample = Sample(
      checked: Points(rows.map { places[$0] }),
      [rows.map { residuals[$0] }, rows.map { residuals[$0].magnitude }],
      weights.map { weights in rows.map { weights[$0] } })
    let selection = try Bandwidths.select(
      .correctedAkaike, for: sample, computation: Computation(execution))
    smoother = try KernelSmoother(
      sample, Similarity(bandwidths: selection.bandwidths),
      computation: Computation(execution.unreported, queryCount: queryCount))
  }

  /// The smoothed residuals and their smoothed sizes.
  package func estimates(
    at places: Points
  ) throws(KernelRegressionError) -> (mean: [Double], size: [Double]) {
    let estimates = try smoother.predict(at: .points(places)).estimates
    return (estimates[0], estimates[1])
  }
}
