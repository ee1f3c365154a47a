/// The convex hull of some places, computed only as far as needed to tell whether the origin is outside.
///
/// Wolfe's method finds the point of the hull nearest to the origin as a mean of a few places, the
/// corners of a simplex. It adds the place farthest in the direction of the origin until none lies beyond
/// it. No available package has hulls in any number of dimensions.
///
/// ## Source
/// P. Wolfe, Finding the nearest point in a polytope, Mathematical Programming 11 (1976),
/// doi:10.1007/BF01580381.
struct ConvexHull {
  /// The origin counts as inside if the hull comes within this fraction of its farthest place's distance.
  private static let tolerance = 1e-9

  /// The rounding error of a number that is 0, for places no farther than 1.
  private static let rounding = 1e-15

  private let places: [[Double]]
  private var corners: [Int] = []
  private var shares: [Double] = []

  /// - Precondition: all places are finite and have the same number of coordinates.
  init(_ places: [[Double]]) {
    let farthest = places.joined().reduce(0) { max($0, $1.magnitude) }
    self.places = farthest > 0 ? places.map { $0.map { $0 / farthest } } : places
  }

  /// Whether the origin is outside.
  ///
  /// - Complexity: O(m·d) for each added corner, of m places with d coordinates; few are added.
  mutating func excludesOrigin() -> Bool {
    let squares = places.map { Self.product($0, $0) }
    guard let first = squares.indices.min(by: { squares[$0] < squares[$1] }) else { return true }
    (corners, shares) = ([first], [1])
    var last = Double.infinity
    while true {
      let point = nearest
      let distance = Self.product(point, point).squareRoot()
      if distance <= Self.tolerance { return false }
      let heights = places.map { Self.product($0, point) }
      guard let next = heights.indices.min(by: { heights[$0] < heights[$1] }), heights[next] <= 0
      else { return true }
      // Each round comes nearer except for rounding, which must not decide.
      if distance >= last || corners.contains(next) { return false }
      last = distance
      take(next)
    }
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The mean of the corners.
  private var nearest: [Double] {
    places[0].indices.map { input in
      zip(corners, shares).reduce(0) { $0 + $1.1 * places[$1.0][input] }
    }
  }

  /// Adds a corner, and drops those that the nearest point no longer needs.
  private mutating func take(_ corner: Int) {
    corners.append(corner)
    shares.append(0)
    while let wanted = sharesOfNearestOnPlane() {
      // Only as far as all shares stay positive.
      let step = zip(shares, wanted).reduce(1.0) { step, pair in
        pair.1 > 0 ? step : min(step, pair.0 / (pair.0 - pair.1))
      }
      let moved = zip(shares, wanted).map { $0 + step * ($1 - $0) }
      let kept = moved.indices.filter { moved[$0] > Self.rounding }
      let isWhole = kept.count == corners.count
      corners = kept.map { corners[$0] }
      shares = kept.map { moved[$0] }
      if isWhole { return }
    }
    if shares.last == 0 {
      corners.removeLast()
      shares.removeLast()
    }
  }

  /// The shares μ of the corners in the point nearest to the origin on the plane through them: Σ μ = 1, and
  /// Σ μp is perpendicular to the plane; nil if the corners lie in a plane of fewer dimensions.
  private func sharesOfNearestOnPlane() -> [Double]? {
    let count = corners.count
    var rows = [[Double](repeating: 1, count: count + 1)]
    for corner in corners.dropFirst() {
      let edge = zip(places[corner], places[corners[0]]).map { $0 - $1 }
      let length = Self.product(edge, edge).squareRoot()
      rows.append(corners.map { Self.product(edge, places[$0]) / length } + [0])
    }
    for column in 0..<count {
      guard
        let pivot = (column..<count).max(by: {
          rows[$0][column].magnitude < rows[$1][column].magnitude
        }), rows[pivot][column].magnitude > Self.rounding
      else { return nil }
      rows.swapAt(column, pivot)
      for row in 0..<count where row != column {
        let factor = rows[row][column] / rows[column][column]
        for place in column...count { rows[row][place] -= factor * rows[column][place] }
      }
    }
    return rows.indices.map { rows[$0][count] / rows[$0][$0] }
  }
}
