internal import RealModule
internal import SimilarityKernels

/// Weights in a window whose half-width is the distance between two given points.
///
/// Far from all keys every neighbour is near the edge, where a compact kernel vanishes with 1 − u², and
/// rounding D or a distance d would lose 1 − u². So it is formed as a difference of squares,
///
/// ```
/// 1 − d²/D² = (D² − d²)/D²                              radial, or one input
/// 1 − δⱼ²/D² = (Δⱼ² − δⱼ² + Σ over l ≠ j of Δₗ²)/D²     product
/// ```
///
/// where δ are the differences of the point to the centre and Δ those of the edge, in scales. D² − d²
/// is computed from the exact differences of the doubles. In several inputs, where differences are
/// divided by scales, a point within 2⁻⁹⁶ of the edge counts as on it.
struct NeighborEdge {
  let kernel: Kernel
  let isProduct: Bool
  let scales: [Double]

  init(_ similarity: Similarity, scales: [Double]) {
    kernel = similarity.kernel
    isProduct = similarity.isProduct
    self.scales = scales
  }

  /// A copy that uses one radial distance.
  var radial: NeighborEdge { NeighborEdge(kernel: kernel, isProduct: false, scales: scales) }

  private init(kernel: Kernel, isProduct: Bool, scales: [Double]) {
    (self.kernel, self.isProduct, self.scales) = (kernel, isProduct, scales)
  }

  /// 1 − u² of each factor of a weight: 0 on the edge, below 0 outside.
  func insides(
    _ point: (Int) -> Double, around center: (Int) -> Double, edge: (Int) -> Double,
    distance: Double
  ) -> [Double] {
    let scale = Double(
      sign: .plus, exponent: min(max(-distance.exponent, -1000), 1000), significand: 1)
    let excesses = scales.indices.map { input in
      DistancePair(
        query: center(input), key: point(input), reference: edge(input),
        bandwidth: scales[input], scale: scale
      ).differenceOfSquares
    }
    let squares = scales.indices.map { input in
      let distance =
        DoubleDouble(sumOf: center(input), -edge(input)).scaled(by: scale) / scales[input]
      return distance * distance
    }
    let whole = squares.reduce(.zero) { $0 + $1 }.value
    let parts =
      isProduct
      ? scales.indices.map { input in
        scales.indices.reduce(-excesses[input]) { $1 == input ? $0 : $0 + squares[$1] }
      } : [-excesses.reduce(.zero) { $0 + $1 }]
    let resolution = scales.count == 1 ? 0 : 0x1p-96
    return parts.map { part in
      let inside = part.value / whole
      return abs(inside) <= resolution ? 0 : min(inside, 1)
    }
  }

  /// The weight of a point under a compact kernel; 1 on the edge for the boxcar.
  func weight(
    _ point: (Int) -> Double, around center: (Int) -> Double, edge: (Int) -> Double,
    distance: Double
  ) -> Double {
    insides(point, around: center, edge: edge, distance: distance)
      .reduce(1) { $0 * kernel.profile(inside: $1) }
  }

  /// The logarithm of the weight of a point as the window's half-width decreases to D: the number of
  /// factors that vanish, all at the same rate, with the logarithm of the others; nil outside.
  func logWeight(
    _ point: (Int) -> Double, around center: (Int) -> Double, edge: (Int) -> Double,
    distance: Double
  ) -> LimitingWeight? {
    let insides = insides(point, around: center, edge: edge, distance: distance)
    guard insides.allSatisfy({ $0 >= 0 }) else { return nil }
    guard kernel.profile(inside: 0) == 0 else { return LimitingWeight() }
    return insides.reduce(into: LimitingWeight()) { weight, inside in
      if inside == 0 {
        weight.order += 1
      } else {
        let gap = inside / (1 + .sqrt(1 - inside))
        weight.log = weight.log + kernel.logProfile(gap: gap)
      }
    }
  }

  /// ln of a weight under a decaying kernel, in double-double.
  ///
  /// At u = 10⁸ it is −5·10¹⁵ for the Gaussian, so a difference of doubles would have no digits left.
  /// NaN if a square leaves the range of doubles.
  func logDecay(
    _ point: (Int) -> Double, around center: (Int) -> Double, edge: (Int) -> Double
  ) -> DoubleDouble {
    func distance(_ other: (Int) -> Double, _ input: Int) -> DoubleDouble {
      DoubleDouble(sumOf: center(input), -other(input)).magnitude / scales[input]
    }
    func whole(_ other: (Int) -> Double) -> DoubleDouble {
      guard scales.count > 1 else { return distance(other, 0) }
      return scales.indices.reduce(DoubleDouble.zero) { sum, input in
        sum + distance(other, input) * distance(other, input)
      }.squareRoot
    }
    let width = whole(edge)
    let distances = isProduct ? scales.indices.map { distance(point, $0) } : [whole(point)]
    return distances.reduce(DoubleDouble.zero) { $0 + kernel.logProfile($1 / width) }
  }
}

/// A weight ε^(p·order)·exp(log) in the limit ε → 0, with p given by the kernel.
struct LimitingWeight {
  var order = 0
  var log = DoubleDouble.zero
}

extension Kernel {
  /// K of a compact kernel in terms of 1 − u²; 1 on the edge for the boxcar.
  fileprivate func profile(inside: Double) -> Double {
    guard case .builtIn(let kernel) = form, inside >= 0 else { return 0 }
    let gap = inside / (1 + .sqrt(1 - inside))
    switch kernel {
    case .triangular: return gap
    case .epanechnikov: return inside
    case .biweight: return inside * inside
    case .triweight: return inside * inside * inside
    case .tricube:
      let factor = gap * (3 - 3 * gap + gap * gap)
      return factor * factor * factor
    case .cosine: return .sin(.pi / 2 * gap)
    default: return 1
    }
  }
}
