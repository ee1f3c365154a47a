/// Intervals at queries, for each value column.
public struct Intervals: Sendable {
  /// The probability that an interval should contain the curve or, for
  /// ``KernelSmoother/predictionIntervals(at:level:)``, a new value.
  public let level: Double

  /// For each value column the estimates that the intervals are around.
  ///
  /// They are corrected for bias or, for prediction intervals, have an odd degree, so they differ from
  /// those of ``KernelSmoother/predict(at:gradients:diagnostics:)``.
  public let estimates: [[Double]]

  /// For each value column the standard errors of those estimates, robust to unequal noise; with the
  /// bootstrap the standard deviations of the replicates; nil for prediction intervals.
  ///
  /// NaN where there is no estimate, or where more than a tenth of the variance is of rows that no other
  /// row supports, whose noise is unknown. Intervals also count the noise that leverage hides; see
  /// ``KernelSmoother/confidenceIntervals(at:level:)``.
  public let standardErrors: [[Double]]?

  /// For each value column the lower ends; −∞ where there are too few rows for prediction at the level.
  public let lower: [[Double]]

  /// For each value column the upper ends; ∞ where there are too few rows for prediction at the level.
  public let upper: [[Double]]

  /// For each input the intervals of the derivatives along it; nil unless requested.
  public let gradients: [Intervals]?

  /// Intervals with these properties.
  package init(
    level: Double, estimates: [[Double]], standardErrors: [[Double]]? = nil, lower: [[Double]],
    upper: [[Double]], gradients: [Intervals]? = nil
  ) {
    self.level = level
    self.estimates = estimates
    self.standardErrors = standardErrors
    self.lower = lower
    self.upper = upper
    self.gradients = gradients
  }
}
