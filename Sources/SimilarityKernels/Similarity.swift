internal import RealModule

/// How the inputs of a point make one similarity.
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
/// The two are the same in one input, and for the Gaussian in any number.
public struct Similarity: Sendable {
  /// The kernel K.
  public let kernel: Kernel

  /// One bandwidth for each input, in the units of that input.
  public let bandwidths: [Double]

  /// How several inputs combine.
  public let combination: InputCombination

  /// A similarity of points with as many inputs as there are bandwidths.
  ///
  /// - Precondition: every bandwidth is positive, finite and no smaller than 2.2e-308.
  public init(
    kernel: Kernel, bandwidths: [Double], combination: InputCombination = .product
  ) {
    precondition(!bandwidths.isEmpty, "a similarity has at least one bandwidth")
    precondition(
      bandwidths.allSatisfy { $0.isNormal && $0 > 0 }, "a bandwidth is positive and finite")
    self.kernel = kernel
    self.bandwidths = bandwidths
    self.combination = combination
  }

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
    case .radial: kernel.profile(distance(query: query, key: key))
    case .product: scaled(query, key).reduce(1) { $0 * kernel.profile($1) }
    }
  }

  /// ln α(q, k) where the kernel has a logarithm; see ``Kernel/logProfile(_:)``.
  ///
  /// - Complexity: O(d).
  public func logWeight(
    query: some Collection<Double>, key: some Collection<Double>
  ) -> Double? {
    guard kernel.hasLogProfile else { return nil }
    switch combination {
    case .radial: return kernel.logProfile(distance(query: query, key: key))
    case .product:
      return scaled(query, key).reduce(0) { $0 + (kernel.logProfile($1) ?? -.infinity) }
    }
  }

  /// ‖(q − k)/h‖, the distance in bandwidths.
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
