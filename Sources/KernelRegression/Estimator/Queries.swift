package import KernelSums
public import SimilarityKernels

/// Where to estimate: at points, at the keys, or at each key from all others.
public struct Queries: Sendable, Equatable {
  enum Place: Sendable, Equatable {
    case points(Points)
    case keys
    case leaveOneOut
  }

  let place: Place

  /// Points, shape `[m, d]`, in the units of the keys; finite.
  public static func points(_ points: Points) -> Queries { Queries(place: .points(points)) }

  /// Points of one input.
  public static func points(_ coordinates: [Double]) -> Queries { .points(Points(coordinates)) }

  /// The keys; each also attends to itself.
  public static let keys = Queries(place: .keys)

  /// The keys; each attends to all others, including rows equal to it.
  ///
  /// Each estimate equals that of an estimator fitted without the row.
  public static let leaveOneOut = Queries(place: .leaveOneOut)

  /// The points, and the key that each leaves out.
  package func resolved(for keys: Points) -> (points: Points, omission: Omission) {
    switch place {
    case .points(let points): (points, .none)
    case .keys: (keys, .none)
    case .leaveOneOut: (keys, .own)
    }
  }
}
