internal import RealModule

/// A similarity of labels: inputs that have one of a few levels, such as a material or a grade.
///
/// ```
/// aitchisonAitken    1 − λ where equal, else λ/(c − 1)           λ ∈ [0, (c − 1)/c]
/// liRacine           1 where equal, else λ                       λ ∈ [0, 1]
/// orderedLiRacine    λ^|Δ|                                       λ ∈ [0, 1]
/// wangVanRyzin       1 − λ where equal, else (1 − λ)/2 · λ^|Δ|   λ ∈ [0, 1]
/// ```
///
/// λ is the input's bandwidth, c the number of levels and Δ the difference of two levels' numbers. With
/// λ = 0 a query attends only to keys of its own level, as if the table were split by the label (0⁰ is
/// 1). At the largest λ the input drops out, except under Wang and van Ryzin's kernel, which then gives
/// every key weight 0.
///
/// ## Source
/// J. Aitchison and C. G. G. Aitken, Multivariate binary discrimination by the kernel method,
/// Biometrika 63 (1976), doi:10.1093/biomet/63.3.413. M.-C. Wang and J. van Ryzin, A class of smooth
/// estimators for discrete distributions, Biometrika 68 (1981), doi:10.1093/biomet/68.1.301. J. Racine
/// and Q. Li, Nonparametric estimation of regression functions with both categorical and continuous
/// data, Journal of Econometrics 119 (2004), doi:10.1016/S0304-4076(03)00157-X.
@nonexhaustive public enum LabelKernel: String, Sendable, CaseIterable {
  /// 1 − λ where two levels are equal, else λ/(c − 1); for unordered levels.
  case aitchisonAitken = "aitchison-aitken"
  /// 1 where two levels are equal, else λ; for unordered levels.
  case liRacine = "li-racine"
  /// λ to the power of the levels' distance; for ordered levels.
  case orderedLiRacine = "ordered-li-racine"
  /// 1 − λ where two levels are equal, else (1 − λ)/2 times λ to the power of their distance; for
  /// ordered levels.
  case wangVanRyzin = "wang-van-ryzin"

  /// Whether more distant levels are less similar.
  public var isOrdered: Bool {
    switch self {
    case .aitchisonAitken, .liRacine: false
    case .orderedLiRacine, .wangVanRyzin: true
    }
  }

  /// The largest λ, which distinguishes levels the least.
  ///
  /// - Parameter levelCount: c, at least 1.
  public func largestBandwidth(levelCount: Int) -> Double {
    switch self {
    case .aitchisonAitken: Double(levelCount - 1) / Double(levelCount)
    case .liRacine, .orderedLiRacine, .wangVanRyzin: 1
    }
  }
}

/// An input of labels: its kernel, its levels and its λ.
package struct LabelInput: Sendable, Hashable {
  /// The kernel that compares two levels.
  package let kernel: LabelKernel

  /// The number of levels, c; nil until counted from the keys.
  ///
  /// A level is a number in `0..<c`.
  package let levelCount: Int?

  /// λ.
  package let bandwidth: Double

  /// A placeholder where no λ is given; never a valid λ.
  package static var noBandwidth: Double { -.infinity }

  /// An input of labels.
  package init(kernel: LabelKernel, levelCount: Int?, bandwidth: Double) {
    precondition(levelCount ?? 1 >= 1, "a label must have at least one level")
    self.kernel = kernel
    self.levelCount = levelCount
    self.bandwidth = bandwidth
  }

  /// Whether the levels are counted and λ is in the kernel's range.
  package var isComplete: Bool {
    guard let levelCount else { return false }
    return bandwidth >= 0 && bandwidth <= kernel.largestBandwidth(levelCount: levelCount)
  }

  /// The similarity of two levels.
  ///
  /// - Precondition: the levels are counted if the kernel depends on their number.
  package func weight(_ query: Double, _ key: Double) -> Double {
    let distance = (query - key).magnitude
    let isEqual = distance == 0
    return switch kernel {
    case .aitchisonAitken: isEqual ? 1 - bandwidth : bandwidthOfOthers
    case .liRacine: isEqual ? 1 : bandwidth
    case .orderedLiRacine: isEqual ? 1 : .pow(bandwidth, distance)
    case .wangVanRyzin: isEqual ? 1 - bandwidth : (1 - bandwidth) / 2 * .pow(bandwidth, distance)
    }
  }

  /// λ/(c − 1), the weight that Aitchison and Aitken give each other level; 0 if there is none.
  package var bandwidthOfOthers: Double {
    guard let levelCount else {
      preconditionFailure("the levels of the label have not been counted")
    }
    return levelCount > 1 ? bandwidth / Double(levelCount - 1) : 0
  }

  /// The same input with another λ.
  package func withBandwidth(_ bandwidth: Double) -> LabelInput {
    LabelInput(kernel: kernel, levelCount: levelCount, bandwidth: bandwidth)
  }
}
