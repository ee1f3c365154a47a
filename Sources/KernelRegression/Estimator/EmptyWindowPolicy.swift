/// The prediction at a query that no key supports.
///
/// Under a causal estimator, nearest keys and means are those of the keys that are not later; NaN where
/// there is none.
public enum EmptyWindowPolicy: String, Sendable, CaseIterable {
  /// NaN: nothing is known there.
  case notANumber = "nan"
  /// The value of the nearest key in bandwidths; keys that tie share. Distances are those of the
  /// continuous inputs, among the keys whose labels have a weight for the query; NaN where none has.
  case nearest
  /// The mean of all values.
  case mean
  /// The prediction as a whole fails.
  case fail
}
