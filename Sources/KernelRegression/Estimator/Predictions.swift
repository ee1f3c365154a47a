/// Estimates at queries, with the requested diagnostics.
public struct Predictions: Sendable {
  /// The estimates: one array for each value column, m numbers in each.
  public let estimates: [[Double]]

  /// ∂ŷ/∂qⱼ: for each value column one array for each input, m numbers in each, in units of values
  /// over those of the input.
  ///
  /// Nil unless gradients were asked for. NaN where no key supports a query, and for each slope that the
  /// keys there do not determine: along an input that does not vary, and along each collinear input.
  public let gradients: [[[Double]]]?

  /// The queries that no key supports, in ascending order.
  ///
  /// The ``EmptyWindowPolicy`` determines their estimates.
  public let emptyWindows: [Int]

  /// The queries at which the keys in reach do not determine the value of a polynomial of the requested degree,
  /// in ascending order, each with the degree used there: the highest whose value they determine.
  public let loweredDegrees: [LoweredDegree]

  /// The queries at which a local polynomial extrapolates, in ascending order; the ``ExtrapolationPolicy``
  /// determines the prediction there.
  ///
  /// An estimate is Σ ℓᵢvᵢ with Σ ℓᵢ = 1. A query is listed if Σ abs(ℓᵢ), which bounds the ratio of the
  /// estimate to the largest value, is above 5, or if the query lies outside the keys that carry its weight:
  /// beyond the range of an input; in one input, where the nearest key on one side has less than a thousandth
  /// of the weight of the nearest on the other; in several inputs, outside the convex hull of the keys with at
  /// least a thousandth of the largest weight. Only the first rule applies to left-out rows and causal fits,
  /// which extrapolate by nature.
  /// Empty at degree 0.
  public let extrapolations: [Int]

  /// The effective sample size (Σw)²/Σw² of each query; 0 where no key supports it.
  ///
  /// Nil unless diagnostics were requested.
  public let effectiveSampleSizes: [Double]?

  /// The distance to the nearest key, ‖(q − k)/h‖, in bandwidths.
  ///
  /// Nil unless diagnostics were requested.
  public let nearestDistances: [Double]?

  /// The estimates of the first value column.
  public var values: [Double] { estimates[0] }

  /// A query whose keys determine only a lower degree.
  public struct LoweredDegree: Sendable, Equatable {
    /// The query, counted from 0.
    public let query: Int
    /// The degree of the polynomial used there.
    public let degree: Int
    /// The highest degree whose value there all keys with weight determine together, at any bandwidth.
    package let attainableDegree: Int
  }

  package init(
    estimates: [[Double]], gradients: [[[Double]]]? = nil, emptyWindows: [Int],
    loweredDegrees: [LoweredDegree] = [], extrapolations: [Int] = [],
    effectiveSampleSizes: [Double]?, nearestDistances: [Double]?
  ) {
    self.estimates = estimates
    self.gradients = gradients
    self.emptyWindows = emptyWindows
    self.loweredDegrees = loweredDegrees
    self.extrapolations = extrapolations
    self.effectiveSampleSizes = effectiveSampleSizes
    self.nearestDistances = nearestDistances
  }
}
