internal import SimilarityKernels

/// The bandwidths at which a criterion of one input has kinks.
///
/// A kernel that ends with a slope, such as triangular, epanechnikov and cosine, gives the criterion a
/// kink wherever a key enters another's window, that is, at the distances between keys. Between two
/// distances the criterion is smooth, and its slopes on both sides of a kink show each minimum that the
/// kink makes or hides.
enum CriterionKnots {
  /// The largest number of distances examined one by one.
  private static let limit = 2_000

  /// Each distance in a range; none if there are too many or the kernel makes no kinks.
  ///
  /// - Complexity: O(n² log n) for at most a million pairs.
  static func distances(
    _ keys: [Double], kernel: Kernel, in range: ClosedRange<Double>
  ) -> [Double] {
    guard hasKink(kernel), keys.count * (keys.count - 1) / 2 <= 1_000_000 else { return [] }
    let sorted = keys.sorted()
    let rounding = 4 * keys.reduce(0) { max($0, $1.magnitude) }.ulp
    var all: [Double] = []
    for high in sorted.indices {
      for low in 0..<high {
        let covering = BandwidthRange.firstCovering(sorted[low], sorted[high], kernel)
        if range.contains(covering) { all.append(covering) }
      }
    }
    all.sort()
    var knots: [Double] = []
    for knot in all {
      // Distances that differ only by the rounding of keys are one.
      if let last = knots.last, knot - last <= rounding { knots.removeLast() }
      knots.append(knot)
      if knots.count > limit { return [] }
    }
    return knots
  }

  /// Each distance in a range, and a place right before and after it.
  static func places(around knots: [Double], in range: ClosedRange<Double>) -> [Double] {
    knots.indices.flatMap { index in
      let knot = knots[index]
      let below = index > 0 ? knot - knots[index - 1] : knot - range.lowerBound
      let above = index + 1 < knots.count ? knots[index + 1] - knot : range.upperBound - knot
      return [knot - below / 1_000, knot, knot + above / 1_000]
    }.filter { range.contains($0) }
  }

  /// Whether a kernel ends with a slope.
  static func hasKink(_ kernel: Kernel) -> Bool {
    guard kernel.support < .infinity else { return false }
    // A profile that ends flat is of second order this close to its end.
    return kernel.profile(kernel.support * (1 - 1e-6)) > 1e-8 * kernel.profile(0)
  }
}
