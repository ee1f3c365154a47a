internal import RealModule

/// How the inputs of a point combine into one similarity.
@nonexhaustive public enum InputCombination: String, Sendable, CaseIterable {
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
/// The two are the same for one input, and for the Gaussian with any number. Label inputs come after
/// the continuous ones and multiply the similarity by that of their levels:
///
/// ```swift
/// let similarity = Similarity(
///   .gaussian, bandwidths: [4, 0.1, 0.3], labels: [.aitchisonAitken, .orderedLiRacine])
/// ```
///
/// A similarity is only a description: `KernelSmoother` checks whether its bandwidths are in range for
/// the keys. Two similarities are equal if their kernels, bandwidths, labels and combinations are.
public struct Similarity: Sendable, Hashable {
  /// The kernel K.
  public let kernel: Kernel

  /// One bandwidth for each continuous input, in the units of that input.
  public let bandwidths: [Double]

  /// The label inputs; their coordinates come after the continuous ones.
  package let labels: [LabelInput]

  /// How several inputs combine.
  public let combination: InputCombination

  /// A similarity of points.
  ///
  /// - Parameters:
  ///   - kernel: K.
  ///   - bandwidths: one for each input, in its units; for labels, which come last, λ in the range of
  ///     the label's kernel. Without labels, a single bandwidth applies to all inputs. Empty if they
  ///     are to be chosen.
  ///   - combination: how the continuous inputs combine.
  ///   - labels: the kernels of the last inputs, in order; these inputs are level numbers 0, 1, 2, …
  ///   - levelCounts: the number of levels of each label, at least 1, which some kernels depend on; by
  ///     default the number of distinct levels among the keys.
  public init(
    _ kernel: Kernel = .gaussian, bandwidths: [Double] = [],
    combination: InputCombination = .product, labels: [LabelKernel] = [],
    levelCounts: [Int]? = nil
  ) {
    precondition(
      levelCounts.map { $0.count == labels.count } ?? true, "each label needs a number of levels")
    // If there are fewer bandwidths than labels, no label has one.
    let continuous = max(bandwidths.count - labels.count, 0)
    let hasAll = bandwidths.count >= labels.count
    self.init(
      kernel: kernel, bandwidths: hasAll ? Array(bandwidths.prefix(continuous)) : bandwidths,
      combination: combination,
      labelInputs: labels.enumerated().map { index, label in
        LabelInput(
          kernel: label, levelCount: levelCounts?[index],
          bandwidth: hasAll ? bandwidths[continuous + index] : LabelInput.noBandwidth)
      })
  }

  /// A similarity from labels that already have their bandwidths.
  package init(
    kernel: Kernel, bandwidths: [Double], combination: InputCombination = .product,
    labelInputs: [LabelInput]
  ) {
    self.kernel = kernel
    self.bandwidths = bandwidths
    self.combination = combination
    labels = labelInputs
  }

  /// Whether there is an input, every bandwidth is in range, and the levels of labels are counted.
  package var isComplete: Bool {
    inputCount > 0 && bandwidths.allSatisfy { $0.isNormal && $0 > 0 }
      && labels.allSatisfy(\.isComplete)
  }

  /// The number of inputs, continuous and labels.
  public var inputCount: Int { bandwidths.count + labels.count }

  /// Whether inputs are compared one by one; for one input the two combinations are the same.
  package var isProduct: Bool { combination == .product || bandwidths.count == 1 }

  /// α(q, k) of one query and one key.
  ///
  /// - Parameters:
  ///   - query: shape `[d]`.
  ///   - key: shape `[d]`.
  /// - Precondition: there is a bandwidth for each input, and the levels of labels are counted, as in the
  ///   similarity of an estimator.
  /// - Complexity: O(d).
  public func weight(query: some Collection<Double>, key: some Collection<Double>) -> Double {
    switch combination {
    case .radial where !bandwidths.isEmpty:
      labelWeight(query: query, key: key) * kernel.profile(distance(query: query, key: key))
    default:
      scaled(query, key).reduce(labelWeight(query: query, key: key)) { $0 * kernel.profile($1) }
    }
  }

  /// The part of α(q, k) that is due to the labels; 1 if there are none.
  ///
  /// - Parameters:
  ///   - query: shape `[d]`, or only the labels.
  ///   - key: the same inputs as `query`.
  /// - Complexity: O(number of labels).
  package func labelWeight(
    query: some Collection<Double>, key: some Collection<Double>
  ) -> Double {
    let pairs = zip(
      query.dropFirst(query.count - labels.count), key.dropFirst(key.count - labels.count))
    return zip(labels, pairs).reduce(1) { $0 * $1.0.weight($1.1.0, $1.1.1) }
  }

  /// ln α(q, k) where the kernel has a logarithm; see ``Kernel/logProfile(_:)``.
  ///
  /// - Precondition: that of ``weight(query:key:)``.
  /// - Complexity: O(d).
  package func logWeight(
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
  /// - Precondition: there is a bandwidth for each input.
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
