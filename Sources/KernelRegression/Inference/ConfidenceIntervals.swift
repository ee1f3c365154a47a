/// Intervals for the curve at queries.
public struct ConfidenceIntervals: Sendable {
  /// The probability with which an interval is to hold the curve.
  public let level: Double

  /// For each value column the estimates that the intervals are centred on: corrected for bias, and so
  /// not those of ``LocalPolynomial/predict(_:gradients:diagnostics:)``.
  public let estimates: [[Double]]

  /// For each value column the standard errors of those estimates, robust to noise that varies.
  ///
  /// NaN where there is no estimate, or where a row that has part in it is supported by no other, so
  /// that nothing is known of its noise.
  public let standardErrors: [[Double]]

  /// For each value column the lower ends.
  public let lower: [[Double]]

  /// For each value column the upper ends.
  public let upper: [[Double]]
}
