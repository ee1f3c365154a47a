public import SimilarityKernels

/// Keys with their values: what an estimator is fitted to.
///
/// ```swift
/// let sample = try Sample(keys: Points(columns: [speed, weight]), values: [distance])
/// ```
///
/// Shapes and numbers are checked once, when the sample is made.
public struct Sample: Sendable {
  /// The keys, shape `[n, d]`, labels after the continuous inputs.
  public let keys: Points

  /// The values, one array of n for each value column.
  public let values: [[Double]]

  /// The observation weights ω; nil if all are 1.
  public let weights: [Double]?

  /// A sample of keys in any number of inputs and any number of value columns.
  ///
  /// - Parameters:
  ///   - keys: shape `[n, d]`; finite. The last inputs may be labels: level numbers 0, 1, 2, …
  ///   - values: one array of n finite numbers for each value column.
  ///   - weights: observation weights, n finite numbers, none below 0.
  /// - Throws: ``KernelRegressionError`` if there are no keys or no value columns, shapes disagree, a number is
  ///   not finite or a weight is below 0.
  /// - Complexity: O(n·(d + p)).
  public init(
    keys: Points, values: [[Double]], weights: [Double]? = nil
  ) throws(KernelRegressionError) {
    guard keys.count > 0 else {
      throw KernelRegressionError(.tooFewKeys, "there are no keys to attend to")
    }
    try Self.validateFinite(keys, called: "key")
    guard !values.isEmpty else {
      throw KernelRegressionError(.dimensionMismatch, "there are no value columns")
    }
    for column in values {
      try Self.validateCount(column.count, of: "values", keys: keys.count)
      if !column.largestMagnitude.isFinite, let row = column.firstIndex(where: { !$0.isFinite }) {
        throw KernelRegressionError(
          .notFinite, "value \(row) is \(column[row]), not a finite number")
      }
    }
    if let weights {
      try Self.validateCount(weights.count, of: "observation weights", keys: keys.count)
      if let row = weights.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
        throw KernelRegressionError(
          .invalidWeight,
          "observation weight \(row) is \(weights[row]), not a finite number ≥ 0")
      }
    }
    self.init(checked: keys, values, weights)
  }

  /// A sample of one input and one value column.
  ///
  /// - Parameters:
  ///   - keys: n finite numbers.
  ///   - values: n finite numbers.
  ///   - weights: observation weights, n finite numbers, none below 0.
  /// - Throws: ``KernelRegressionError``, as ``init(keys:values:weights:)`` does.
  /// - Complexity: O(n).
  public init(
    _ keys: [Double], _ values: [Double], weights: [Double]? = nil
  ) throws(KernelRegressionError) {
    try self.init(keys: Points(keys), values: [values], weights: weights)
  }

  /// A sample whose parts have been checked.
  init(checked keys: Points, _ values: [[Double]], _ weights: [Double]?) {
    self.keys = keys
    self.values = values
    self.weights = weights
  }

  /// Rejects a sample without any weight.
  package func requireWeight() throws(KernelRegressionError) {
    guard weights?.contains(where: { $0 > 0 }) ?? true else {
      throw KernelRegressionError(.invalidWeight, "all observation weights are 0")
    }
  }

  /// Rejects points whose differences may overflow.
  package static func validateFinite(
    _ points: Points, called name: String
  ) throws(KernelRegressionError) {
    // Beyond 2¹⁰²² the difference of two coordinates can overflow.
    guard !(points.coordinates.largestMagnitude <= 0x1p1022),
      let place = points.coordinates.firstIndex(where: { !($0.magnitude <= 0x1p1022) })
    else { return }
    let coordinate = points.coordinates[place]
    throw KernelRegressionError(
      .notFinite,
      "input \(place % points.dimension) of \(name) \(place / points.dimension) is \(coordinate), "
        + (coordinate.isFinite ? "beyond 4e307" : "not a finite number"))
  }

  private static func validateCount(
    _ count: Int, of name: String, keys: Int
  ) throws(KernelRegressionError) {
    guard count == keys else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "the number of \(name), \(count), differs from the number of keys, \(keys)")
    }
  }
}
