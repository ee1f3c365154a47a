internal import RealModule

/// How the inputs of a point combine into one similarity.
public enum InputCombination: String, Sendable, CaseIterable {
  /// ∏ⱼ K(uⱼ): inputs are compared one by one.
  case product
  /// K(‖u‖): the inputs make one Euclidean distance.
  case radial
}

/// A kernel with its bandwidths: the similarity α(q, k) of any two points.
///
/// ```
/// α(q, k) = ∏ⱼ K((qⱼ − kⱼ)/hⱼ)          product
/// α(q, k) = K(‖(q − k)/h‖)              radial
/// ```
///
/// The two are the same in one input, and for the Gaussian in any number. Inputs of labels, which
/// follow the continuous ones, multiply the similarity by that of their levels.
public struct Similarity: Sendable {
  /// The kernel K.
  public let kernel: Kernel

  /// One bandwidth for each continuous input, in the units of that input.
  public let bandwidths: [Double]

  /// The inputs of labels; their coordinates come after the continuous ones.
  public let labels: [LabelInput]

  /// How several inputs combine.
  public let combination: InputCombination

  /// A similarity of points with as many inputs as there are bandwidths and labels.
  ///
  /// - Precondition: there is an input, and every bandwidth is positive, finite and no smaller than
  ///   2.2e-308.
  public init(
    kernel: Kernel, bandwidths: [Double], combination: InputCombination = .product,
    labels: [LabelInput] = []
  ) {
    precondition(!(bandwidths.isEmpty && labels.isEmpty), "a similarity has at least one input")
    precondition(
      bandwidths.allSatisfy { $0.isNormal && $0 > 0 }, "a bandwidth is positive and finite")
    self.kernel = kernel
    self.bandwidths = bandwidths
    self.combination = combination
    self.labels = labels
  }

  /// The number of inputs, continuous and labels.
  public var inputCount: Int { bandwidths.count + labels.count }

  /// Whether inputs are compared one by one; in one input the two combinations are the same.
  package var isProduct: Bool { combination == .product || bandwidths.count == 1 }

  /// α(q, k) of one query and one key.
  ///
  /// - Parameters:
  ///   - query: shape `[d]`.
  ///   - key: shape `[d]`.
  /// - Complexity: O(d).
  public func weight(query: some Collection<Double>, key: some Collection<Double>) -> Double {
    switch combination {
    case .radial where !bandwidths.isEmpty:
      labelWeight(query: query, key: key) * kernel.profile(distance(query: query, key: key))
    default:
      scaled(query, key).reduce(labelWeight(query: query, key: key)) { $0 * kernel.profile($1) }
    }
  }

  /// The part of α(q, k) that is due to the labels; 1 where there are none.
  ///
  /// - Parameters:
  ///   - query: shape `[d]`, or the labels alone.
  ///   - key: the same inputs as `query`.
  /// - Complexity: O(number of labels).
  public func labelWeight(
    query: some Collection<Double>, key: some Collection<Double>
  ) -> Double {
    let pairs = zip(
      query.dropFirst(query.count - labels.count), key.dropFirst(key.count - labels.count))
    return zip(labels, pairs).reduce(1) { $0 * $1.0.weight($1.1.0, $1.1.1) }
  }

  /// ln α(q, k) where the kernel has a logarithm; see ``Kernel/logProfile(_:)``.
  ///
  /// - Complexity: O(d).
  public func logWeight(
    query: some Collection<Double>, key: some Collection<Double>
  ) -> Double? {
    guard kernel.hasLogProfile else { return nil }
    let labels = zip(
      labels, zip(query.dropFirst(bandwidths.count), key.dropFirst(bandwidths.count))
    )
    .reduce(0) { $0 + Double.log($1.0.weight($1.1.0, $1.1.1)) }
    switch combination {
    case .radial where !bandwidths.isEmpty:
      return kernel.logProfile(distance(query: query, key: key)).map { $0 + labels }
    default:
      return scaled(query, key).reduce(labels) { $0 + (kernel.logProfile($1) ?? -.infinity) }
    }
  }

  /// ‖(q − k)/h‖ over the continuous inputs, the distance in bandwidths.
  ///
  /// - Complexity: O(d).
  public func distance(query: some Collection<Double>, key: some Collection<Double>) -> Double {
    scaled(query, key).reduce(0) { .hypot($0, $1) }
  }

  private func scaled(
    _ query: some Collection<Double>, _ key: some Collection<Double>
  ) -> some Sequence<Double> {
    zip(zip(query, key), bandwidths).lazy.map { ($0.0 - $0.1) / $1 }
  }
}
