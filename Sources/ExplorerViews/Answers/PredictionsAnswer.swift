/// Estimates at queries of the caller's own.
public struct PredictionsAnswer: Encodable, Sendable {
  /// The view, by parameter.
  public let view: [String: String]
  /// The estimates; null where no key supports one.
  public let estimates: JSONNumbers
  /// The effective sample size (Σw)²/Σw² of each; 0 where no key supports it.
  public let effectiveSampleSizes: JSONNumbers
  /// The distance to the nearest key, in bandwidths.
  public let nearest: JSONNumbers
  /// The queries, counted from 0, that no key supports.
  public let emptyQueries: [Int]
}
