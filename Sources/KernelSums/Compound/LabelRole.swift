internal import SimilarityKernels

/// The role of a label in a partition of the keys.
///
/// An unordered label has two weights, s for its own level and r ≤ s for all others. A sum over the
/// keys combines a sum over all levels and one over the query's own,
///
/// ```
/// Σ w = r · Σ over all levels + (s − r) · Σ over the query's own level,
/// ```
///
/// without subtracting sums. So a label of many levels costs two groups for each query instead of one
/// for each level: one from a partition in which it is merged, and one from another in which it is
/// matched.
enum LabelRole: Hashable, Sendable {
  /// Every level has its own group and weight.
  case weighed
  /// All levels share a group with weight r.
  case merged
  /// A query uses only the group of its own level, with weight s − r.
  case matched
}

extension LabelRole {
  /// An unordered label with at least this many levels is merged and matched.
  private static let manyLevels = 8

  /// With more such labels than this, the number of partitions, 2 to their number, is too large.
  private static let manyLabels = 3

  /// The roles of all labels in each partition whose sums add up to the problem's.
  ///
  /// A partition whose weight is 0 is left out.
  static func partitions(_ labels: [LabelInput]) -> [[LabelRole]] {
    let counts = labels.map { $0.levelCount ?? 0 }
    let large = labels.indices
      .filter { !labels[$0].kernel.isOrdered && counts[$0] >= manyLevels }
      .sorted { (counts[$1], $0) < (counts[$0], $1) }
      .prefix(manyLabels)
    return large.reduce([labels.map { _ in .weighed }]) { partitions, label in
      partitions.flatMap { roles in
        [LabelRole.merged, .matched].compactMap { role in
          guard role.weight(of: labels[label], 0, 0) > 0 else { return nil }
          var roles = roles
          roles[label] = role
          return roles
        }
      }
    }
  }

  /// The factor of Σw of a group due to a label.
  func weight(of label: LabelInput, _ query: Double, _ key: Double) -> Double {
    switch self {
    case .weighed: label.weight(query, key)
    case .merged: label.weight(0, 1)
    case .matched: label.weight(0, 0) - label.weight(0, 1)
    }
  }

  /// The factor of Σw² divided by the square of that: Σw² needs s² − r² where Σw needs s − r.
  func squaredRatio(of label: LabelInput) -> Double {
    guard self == .matched else { return 1 }
    let (own, other) = (label.weight(0, 0), label.weight(0, 1))
    return (own + other) / (own - other)
  }
}
