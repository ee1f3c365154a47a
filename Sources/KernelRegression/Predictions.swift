/// Estimates at queries, with what was asked for besides.
public struct Predictions: Sendable {
  /// The estimates: one array for each value column, m numbers in each.
  public let estimates: [[Double]]

  /// The queries that no key supports, in ascending order.
  ///
  /// Their estimates are what the ``EmptyWindowPolicy`` says.
  public let emptyWindows: [Int]

  /// The effective sample size (Σw)²/Σw² of each query; 0 where no key supports it.
  ///
  /// Nil unless diagnostics were asked for.
  public let effectiveSampleSizes: [Double]?

  /// The distance to the nearest key, ‖(q − k)/h‖, in bandwidths.
  ///
  /// Nil unless diagnostics were asked for.
  public let nearestDistances: [Double]?

  /// The estimates of the first value column.
  public var values: [Double] { estimates[0] }
}
