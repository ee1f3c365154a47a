internal import RealModule
internal import SimilarityKernels

// A compact kernel's weight is tiny for a key at the very edge of the window: (1 − |u|)³ is 10⁻¹⁸⁰ at a
// gap of 10⁻⁶⁰, which is possible for doubles q and k. Its logarithm is computed from the gap, which is
// formed from the exact q − k.
extension DirectEngine {
  /// ln α of one key under a built-in compact kernel; −∞ outside the window.
  func compactLogWeight(
    query: UnsafeBufferPointer<Double>, key: Int, of stored: KeyColumns
  ) -> Double {
    guard similarity.isProduct else {
      return radialCompactLogWeight(query: query, key: key, of: stored)
    }
    return query.indices.reduce(0) { sum, input in
      let bandwidth = similarity.bandwidths[input]
      let distance = DoubleDouble(sumOf: query[input], -stored.keys.column(input)[key]).magnitude
      let gap = (DoubleDouble(bandwidth) - distance).value / bandwidth
      return sum + similarity.kernel.logProfile(gap: gap)
    }
  }

  private func radialCompactLogWeight(
    query: UnsafeBufferPointer<Double>, key: Int, of stored: KeyColumns
  ) -> Double {
    let inside = query.indices.reduce(DoubleDouble(1)) { inside, input in
      let difference = DoubleDouble(sumOf: query[input], -stored.keys.column(input)[key])
      let u = difference / similarity.bandwidths[input]
      return inside - u * u
    }.value
    // As in the loops, a key within 2⁻⁹⁶ of the edge is on it.
    guard inside > 0x1p-96 else { return -.infinity }
    return similarity.kernel.logProfile(gap: inside / (1 + .sqrt(1 - inside)))
  }
}

extension Kernel {
  /// Whether this is a built-in kernel of support 1.
  var isCompact: Bool {
    guard case .builtIn = form else { return false }
    return support == 1
  }

  /// ln K(1 − gap) of a compact kernel; −∞ for a gap of 0 or less.
  func logProfile(gap: Double) -> Double {
    guard gap > 0, case .builtIn(let kernel) = form else { return -.infinity }
    return switch kernel {
    case .triangular: .log(gap)
    case .epanechnikov: .log(gap * (2 - gap))
    case .biweight: 2 * .log(gap * (2 - gap))
    case .triweight: 3 * .log(gap * (2 - gap))
    case .tricube: 3 * .log(gap * (3 - 3 * gap + gap * gap))
    case .cosine: .log(.sin(.pi / 2 * gap))
    default: 0
    }
  }
}
