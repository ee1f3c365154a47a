internal import RealModule
internal import SimilarityKernels

/// The ranges in which bandwidths are searched.
enum BandwidthRange {
  /// The range of one input: from the least bandwidth worth trying to eight times the keys' range,
  /// where every kernel is nearly constant.
  ///
  /// The least is a quarter of the usual gap between neighbours. If the criterion needs support for all
  /// left-out rows, it is no less than the first bandwidth that supports them all.
  ///
  /// - Complexity: O(n log n).
  static func ofOneInput(
    _ sorted: [Double], kernel: Kernel, needsSupport: Bool, isCausal: Bool = false
  ) -> ClosedRange<Double> {
    let span = min(sorted[sorted.count - 1] - sorted[0], .greatestFiniteMagnitude / 16)
    var least = usualGap(sorted) / 4
    if needsSupport, kernel.support < .infinity {
      // If all keys have ties, any window supports them, and only windows that reach another key are
      // worth trying.
      least = max(
        leastSupporting(sorted, kernel: kernel, isCausal: isCausal), gaps(sorted).min() ?? 0)
    }
    let from = max(least, .leastNormalMagnitude)
    return from...max(8 * span, 2 * from)
  }

  /// The first bandwidth at which every key has another in its window.
  ///
  /// The key with the farthest nearest neighbour decides. In a causal fit later keys count only if they
  /// tie, and keys that no other precedes are skipped.
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
  /// The difference of two doubles may have a rounding error; its sign decides between the rounded
  /// difference and the next double.
  static func firstCovering(_ low: Double, _ high: Double, _ kernel: Kernel = .boxcar) -> Double {
    let distance = high - low
    let rounded = distance - high
    let error = (high - (distance - rounded)) - (low + rounded)
    let first = error < 0 ? distance : distance.nextUp
    // The support of a custom kernel need not be 1; the quotient is then rounded up.
    return kernel.support == 1 ? first : (first / kernel.support).nextUp
  }

  /// The width of each input; 1 for a single input, where units do not matter.
  static func widths(of keys: Points) -> [Double] {
    keys.dimension == 1 ? [1] : (0..<keys.dimension).map { width(keys.column($0).sorted()) }
  }

  /// A standard deviation robust to outliers: the interquartile range divided by that of a normal
  /// distribution, or the range if that is 0.
  static func width(_ sorted: [Double]) -> Double {
    let quartiles = sorted[(3 * sorted.count - 1) / 4] - sorted[(sorted.count - 1) / 4]
    if quartiles.isNormal { return quartiles / 1.349 }
    let span = sorted[sorted.count - 1] - sorted[0]
    return span.isNormal ? span : 1
  }

  /// The median gap between different neighbours; 1 if all are the same.
  private static func usualGap(_ sorted: [Double]) -> Double {
    let gaps = gaps(sorted).sorted()
    return gaps.isEmpty ? 1 : gaps[gaps.count / 2]
  }

  private static func gaps(_ sorted: [Double]) -> [Double] {
    zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 && $0 < .infinity }
  }
}
