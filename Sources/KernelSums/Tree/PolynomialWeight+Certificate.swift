internal import RealModule

// When moments keep the digits.
//
// Let near ≤ abs(u) ≤ far over a node and a query, τ the node's half-width, all in one input (or
// combined, radially) and in bandwidths. s, t and 1 − s² have absolute errors of a few units of ε,
// whatever the weight, so a factor 1 − u² of at least w has a relative error of a few ε/w, m times
// that in the m-th power. Multiplied out, the terms of one factor have magnitudes that sum to
//
//   (1 − s²) + 2 abs(s) τ + τ² = 1 − (abs(s) − τ)² + 2τ² ≤ 1 − near² + 2τ²
//
// against a weight of at least 1 − far²: by the product P of those ratios the rounding of moments and
// of their sums is magnified. With P and Σ m/w at most 128, and some 8 roundings in a row, the
// error is below 128·8·ε = 2.3e-13 relative to the node's own Σω α abs(c), hence of the whole sum's.
// Where it would be more, in a shell near the window's edge, the node is opened.
extension PolynomialWeight {
  /// The largest magnification of rounding errors that is put up with.
  private static var greatestMagnification: Double { 128 }

  /// Whether a node lies inside the window of every query, in one polynomial piece, and its moments
  /// give its sums accurately.
  ///
  /// - Parameter ignoringSides: whether a node on both sides of a query will do.
  func canTake(
    _ box: UnsafePointer<Double>, _ queries: QueryBox, ignoringSides: Bool = false
  ) -> Bool {
    if isUnbounded { return true }
    switch profile {
    case .triangle:
      var (magnification, total) = (1.0, 0.0)
      for input in 0..<dimension {
        guard ignoringSides || queries.isBeside(box, input) else { return false }
        let least = 1 - queries.farthest(box, input)
        guard least > 0 else { return false }
        magnification *= (1 - queries.nearest(box, input)) / least
        total += 1 / least
      }
      return max(magnification, total) <= Self.greatestMagnification
    case .powerOfInside(let power):
      return isProduct ? canTakeProduct(box, queries, power) : canTakeRadial(box, queries, power)
    }
  }

  private func canTakeProduct(
    _ box: UnsafePointer<Double>, _ queries: QueryBox, _ power: Int
  ) -> Bool {
    var (magnification, total) = (1.0, 0.0)
    for input in 0..<dimension {
      let (near, far) = (queries.nearest(box, input), queries.farthest(box, input))
      let least = (1 - far) * (1 + far)
      guard least > KeyTree.margin(dimension: dimension) else { return false }
      let half = queries.halfWidth(box, input)
      magnification *= (1 - near * near + 2 * half * half) / least
      total += 1 / least
    }
    return isAccurate(magnification, total, power)
  }

  private func canTakeRadial(
    _ box: UnsafePointer<Double>, _ queries: QueryBox, _ power: Int
  ) -> Bool {
    var (least, greatest) = (1.0, 1.0)
    for input in 0..<dimension {
      let (near, far) = (queries.nearest(box, input), queries.farthest(box, input))
      let half = queries.halfWidth(box, input)
      least -= far * far
      greatest += 2 * half * half - near * near
    }
    guard least > KeyTree.margin(dimension: dimension) else { return false }
    return isAccurate(greatest / least, 1 / least, power)
  }

  private func isAccurate(_ magnification: Double, _ total: Double, _ power: Int) -> Bool {
    var product = 1.0
    for _ in 0..<power { product *= magnification }
    return max(product, Double(power) * total) <= Self.greatestMagnification
  }
}
