internal import RealModule
internal import SimilarityKernels

/// How the bandwidth of one of several inputs is searched.
///
/// The bandwidth of a continuous input is searched by its logarithm, since ratios matter. A bounded one,
/// such as that of a label, is searched directly: its best value may be 0.
struct SearchInput {
  /// The least bandwidth; 0 only where `isLogarithmic` is false.
  let lower: Double

  /// The greatest.
  let upper: Double

  /// The bandwidth that a multiple of 1 means when all inputs vary together.
  let unit: Double

  /// Whether it is searched by its logarithm.
  let isLogarithmic: Bool

  /// The place of a bandwidth in the search, and the ends of the range there.
  func place(of bandwidth: Double) -> Double {
    let inside = min(max(bandwidth, lower), upper)
    return isLogarithmic ? .log(inside) : inside
  }

  /// The bandwidth at a place; the ends of the range exactly.
  func bandwidth(at place: Double) -> Double {
    if place <= self.place(of: lower) { return lower }
    if place >= self.place(of: upper) { return upper }
    return isLogarithmic ? .exp(place) : place
  }

  /// The bandwidth at a place, rounded to this many digits.
  func rounded(_ place: Double, digits: Int) -> Double {
    let rounded = BandwidthRounding.rounded(isLogarithmic ? .exp(place) : place, digits: digits)
    // The bandwidth of a label has no meaning beyond its bounds.
    return isLogarithmic ? rounded : min(max(rounded, lower), upper)
  }

  /// Continuous inputs, followed by labels.
  static func inputs(_ keys: Points, labels: [LabelKernel]) -> [SearchInput] {
    let count = keys.dimension - labels.count
    let continuous = count > 0 ? self.continuous(keys.continuous(count)) : []
    return continuous
      + labels.enumerated().map { index, kernel in
        let levels = Set(keys.column(count + index)).count
        let upper = kernel.largestBandwidth(levelCount: levels)
        return SearchInput(lower: 0, upper: upper, unit: upper / 4, isLogarithmic: false)
      }
  }

  /// Continuous inputs, each up to a million times its range, where no kernel distinguishes its keys.
  static func continuous(_ keys: Points) -> [SearchInput] {
    (0..<keys.dimension).map { input in
      let sorted = keys.column(input).sorted()
      let span = min(sorted[sorted.count - 1] - sorted[0], .greatestFiniteMagnitude / 0x1p40)
      let unit = BandwidthRange.width(sorted)
      return SearchInput(
        lower: max(unit * 1e-6, .leastNormalMagnitude), upper: 1e6 * max(span, unit), unit: unit,
        isLogarithmic: true)
    }
  }
}
