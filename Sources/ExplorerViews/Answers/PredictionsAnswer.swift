/// Estimates at queries of the caller's own.
package struct PredictionsAnswer: Encodable, Sendable {
  /// The view, by parameter.
  package let view: [String: String]
  /// The estimates; null where no key supports one.
  package let estimates: JSONNumbers
  /// The effective sample size (Σw)²/Σw² of each; 0 where no key supports it.
  package let effectiveSampleSizes: JSONNumbers
  /// The distance to the nearest key, in bandwidths.
  package let nearest: JSONNumbers
  /// The queries, counted from 0, that no key supports.
  package let emptyQueries: [Int]
}
