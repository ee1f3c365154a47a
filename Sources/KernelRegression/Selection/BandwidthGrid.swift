internal import RealModule
internal import SimilarityKernels

/// Where a search for bandwidths looks: multiples of one width for each input.
struct BandwidthGrid {
  /// The unit of each input.
  let scales: [Double]

  /// The multiples, in even steps of their logarithm.
  let factors: [Double]

  /// Up to eight times the range, where every kernel is all but constant.
  ///
  /// Steps of a fifth resolve the minima of a smooth criterion; a step function has as many as there
  /// are distances, and gets as many steps as can be afforded.
  init(keys: Points, isStepFunction: Bool) {
    let columns = (0..<keys.dimension).map { keys.column($0).sorted() }
    let spans = columns.map { min($0[$0.count - 1] - $0[0], .greatestFiniteMagnitude / 16) }
    let least: Double
    if keys.dimension == 1 {
      scales = [1]
      least = Self.usualGap(columns[0]) / 4
    } else {
      scales = columns.map(Self.width)
      least = 0.25 * .pow(Double(keys.count), -1 / Double(keys.dimension))
    }
    let greatest = zip(spans, scales).reduce(0) { max($0, 8 * ($1.0 / $1.1)) }
    let from = max(least, .leastNormalMagnitude)
    let to = max(greatest, 2 * from)
    let steps = Int((.log(to) - .log(from)) / (isStepFunction ? 0.04 : 0.2))
    factors = bandwidthPath(from: from, to: to, count: min(max(steps, 50), 250))
  }

  /// The width of each input; 1 in one input, where no unit matters.
  static func widths(of keys: Points) -> [Double] {
    keys.dimension == 1 ? [1] : (0..<keys.dimension).map { width(keys.column($0).sorted()) }
  }

  /// The median of the gaps between different neighbours; 1 where all are the same.
  private static func usualGap(_ sorted: [Double]) -> Double {
    let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
      .filter { $0 > 0 && $0 < .infinity }.sorted()
    return gaps.isEmpty ? 1 : gaps[gaps.count / 2]
  }

  /// A standard deviation that outliers do not move: the interquartile range over that of a normal
  /// distribution, or where that is 0 the range.
  private static func width(_ sorted: [Double]) -> Double {
    let quartiles = sorted[(3 * sorted.count - 1) / 4] - sorted[(sorted.count - 1) / 4]
    if quartiles.isNormal { return quartiles / 1.349 }
    let span = sorted[sorted.count - 1] - sorted[0]
    return span.isNormal ? span : 1
  }
}
