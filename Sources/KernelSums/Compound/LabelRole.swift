internal import SimilarityKernels

/// What a label does in a partition of the keys.
///
/// A label without order has two weights, s for its own level and r ≤ s for all others, and a sum over
/// the keys is one over all levels and one over its own,
///
/// ```
/// Σ w = r · Σ over all levels + (s − r) · Σ over the query's own level,
/// ```
///
/// in which nothing is subtracted from a sum. So a label of many levels costs two groups for each
/// query, one from a partition in which it is merged and one from another in which it is matched,
/// instead of one for each level.
enum LabelRole: Hashable, Sendable {
  /// Every level has a group of its own, under its weight.
  case weighed
  /// All levels share a group, under r.
  case merged
  /// A query sees the group of its own level alone, under s − r.
  case matched
}

extension LabelRole {
  /// From as many levels on a label without order is merged and matched.
  private static let manyLevels = 8

  /// With more such labels than this the partitions, two to their power, are too many.
  private static let manyLabels = 3

  /// The roles of all labels in each partition whose sums make up a problem's.
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

  /// What Σw of a group is multiplied by on account of a label.
  func weight(of label: LabelInput, _ query: Double, _ key: Double) -> Double {
    switch self {
    case .weighed: label.weight(query, key)
    case .merged: label.weight(0, 1)
    case .matched: label.weight(0, 0) - label.weight(0, 1)
    }
  }

  /// What Σw² is multiplied by, over the square of that: Σw² needs s² − r² where it has s − r.
  func squaredRatio(of label: LabelInput) -> Double {
    guard self == .matched else { return 1 }
    let (own, other) = (label.weight(0, 0), label.weight(0, 1))
    return (own + other) / (own - other)
  }
}
