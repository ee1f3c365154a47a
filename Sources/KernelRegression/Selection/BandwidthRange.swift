internal import RealModule
internal import SimilarityKernels

/// Where bandwidths are sought.
enum BandwidthRange {
  /// The range of one input: from the least bandwidth worth trying to eight times the keys' range,
  /// where every kernel is all but constant.
  ///
  /// The least is a quarter of the usual gap between neighbours. Where the criterion needs all rows
  /// supported when left out, it is no less than the first bandwidth that supports them all.
  ///
  /// - Complexity: O(n log n).
  static func ofOneInput(
    _ sorted: [Double], kernel: Kernel, needsSupport: Bool, isCausal: Bool = false
  ) -> ClosedRange<Double> {
    let span = min(sorted[sorted.count - 1] - sorted[0], .greatestFiniteMagnitude / 16)
    var least = usualGap(sorted) / 4
    if needsSupport, kernel.support < .infinity {
      // Where all keys have ties, any window supports them, and none is worth trying that reaches no
      // other key.
      least = max(
        leastSupporting(sorted, kernel: kernel, isCausal: isCausal), gaps(sorted).min() ?? 0)
    }
    let from = max(least, .leastNormalMagnitude)
    return from...max(8 * span, 2 * from)
  }

  /// The first bandwidth at which every key has another in its window.
  ///
  /// It is decided by the keys whose nearest neighbour is the farthest. Causally later keys count only
  /// where they tie, and keys that no other precedes are passed over.
  static func leastSupporting(
    _ sorted: [Double], kernel: Kernel, isCausal: Bool = false
  ) -> Double {
    var least = 0.0
    for index in sorted.indices {
      let below =
        index > 0 ? firstCovering(sorted[index - 1], sorted[index], kernel) : .infinity
      let above =
        index + 1 < sorted.count && (!isCausal || sorted[index + 1] == sorted[index])
        ? firstCovering(sorted[index], sorted[index + 1], kernel) : .infinity
      if isCausal, below == .infinity, above == .infinity { continue }
      least = max(least, min(below, above))
    }
    return least
  }

  /// The smallest bandwidth whose window, open at its edge, reaches from one key to another.
  ///
  /// The difference of two doubles may have a rounding error, whose sign decides between the rounded
  /// difference itself and the next double.
  static func firstCovering(_ low: Double, _ high: Double, _ kernel: Kernel = .boxcar) -> Double {
    let distance = high - low
    let rounded = distance - high
    let error = (high - (distance - rounded)) - (low + rounded)
    let first = error < 0 ? distance : distance.nextUp
    // The support of a caller's own kernel need not be 1; the quotient is rounded upwards then.
    return kernel.support == 1 ? first : (first / kernel.support).nextUp
  }

  /// The width of each input; 1 in one input, where no unit matters.
  static func widths(of keys: Points) -> [Double] {
    keys.dimension == 1 ? [1] : (0..<keys.dimension).map { width(keys.column($0).sorted()) }
  }

  /// A standard deviation that outliers do not move: the interquartile range over that of a normal
  /// distribution, or where that is 0 the range.
  static func width(_ sorted: [Double]) -> Double {
    let quartiles = sorted[(3 * sorted.count - 1) / 4] - sorted[(sorted.count - 1) / 4]
    if quartiles.isNormal { return quartiles / 1.349 }
    let span = sorted[sorted.count - 1] - sorted[0]
    return span.isNormal ? span : 1
  }

  /// The median of the gaps between different neighbours; 1 where all are the same.
  private static func usualGap(_ sorted: [Double]) -> Double {
    let gaps = gaps(sorted).sorted()
    return gaps.isEmpty ? 1 : gaps[gaps.count / 2]
  }

  private static func gaps(_ sorted: [Double]) -> [Double] {
    zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 && $0 < .infinity }
  }
}
