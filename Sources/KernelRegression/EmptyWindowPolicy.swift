/// What is predicted at a query that no key supports.
public enum EmptyWindowPolicy: String, Sendable, CaseIterable {
  /// NaN: nothing is known there.
  case notANumber = "nan"
  /// The value of the nearest key in bandwidths; keys that tie share.
  case nearest
  /// The mean of all values.
  case mean
  /// The prediction as a whole fails.
  case fail
}
