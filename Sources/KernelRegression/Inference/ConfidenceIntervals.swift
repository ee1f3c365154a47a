/// Intervals for the curve at queries.
public struct ConfidenceIntervals: Sendable {
  /// The probability with which an interval should contain the curve.
  public let level: Double

  /// For each value column the estimates that the intervals are centred on: corrected for bias, and so
  /// not those of ``KernelSmoother/predict(_:gradients:diagnostics:)``.
  public let estimates: [[Double]]

  /// For each value column the standard errors of those estimates, robust to noise that varies.
  ///
  /// NaN where there is no estimate, or where rows that no other supports, of whose noise nothing is
  /// known, have more than a tenth of the variance. Intervals count what leverage hides of the noise
  /// besides; see ``KernelSmoother/confidenceIntervals(at:level:)``.
  public let standardErrors: [[Double]]

  /// For each value column the lower ends.
  public let lower: [[Double]]

  /// For each value column the upper ends.
  public let upper: [[Double]]
}
