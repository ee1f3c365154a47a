/// The prediction where a local polynomial extrapolates; see ``Predictions/extrapolations``.
public enum ExtrapolationPolicy: String, Sendable, CaseIterable {
  /// The polynomial's value.
  case keep
  /// NaN: what is known there is the polynomial and not the data.
  case notANumber = "nan"
}
