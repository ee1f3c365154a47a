internal import KernelRegression
internal import RealModule
internal import SimilarityKernels

/// How inputs become standardised numbers: a continuous input gives one number, a factor one for each
/// level.
struct InputExpansion: Sendable, Equatable {
  /// What is subtracted from each of the D columns.
  let centers: [Double]

  /// What they are divided by.
  let scales: [Double]

  /// The levels of each factor.
  let levelCounts: [Int]

  var columnCount: Int { centers.count }

  var continuousCount: Int { centers.count - levelCounts.reduce(0, +) }

  var inputCount: Int { continuousCount + levelCounts.count }

  /// The first of an input's columns.
  func firstColumn(of input: Int) -> Int {
    input <= continuousCount
      ? input : continuousCount + levelCounts[..<(input - continuousCount)].reduce(0, +)
  }

  /// The columns of an input.
  func columns(of input: Int) -> Range<Int> {
    let first = firstColumn(of: input)
    return first..<first + (input < continuousCount ? 1 : levelCounts[input - continuousCount])
  }

  /// The D standardised columns of points.
  ///
  /// Numbers beyond 2⁵⁰⁰ become ±2⁵⁰⁰, whose products with any matrix do not overflow.
  ///
  /// - Throws: if a point has the wrong number of inputs or an invalid level.
  /// - Complexity: O(n·D).
  func standardized(
    _ points: Points, called name: String
  ) throws(KernelRegressionError) -> [[Double]] {
    guard points.dimension == inputCount else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "each \(name) must have as many inputs as the similarity, \(inputCount), not "
          + "\(points.dimension)")
    }
    try Sample.validateFinite(points, called: name)
    var columns: [[Double]] = []
    for input in 0..<continuousCount {
      let (center, scale) = (centers[input], scales[input])
      columns.append(points.column(input).map { Self.clamped(($0 - center) / scale) })
    }
    try validateLevels(of: points, called: name)
    for factor in levelCounts.indices {
      let input = continuousCount + factor
      let levels = points.column(input)
      for (level, column) in self.columns(of: input).enumerated() {
        let (center, scale) = (centers[column], scales[column])
        columns.append(levels.map { (($0 == Double(level) ? 1 : 0) - center) / scale })
      }
    }
    return columns
  }

  /// Rejects invalid levels.
  func validateLevels(of points: Points, called name: String) throws(KernelRegressionError) {
    for (factor, levelCount) in levelCounts.enumerated() {
      let input = continuousCount + factor
      let levels = points.column(input)
      guard let row = levels.firstIndex(where: { !Self.isLevel($0, of: levelCount) }) else {
        continue
      }
      throw KernelRegressionError(
        .invalidLevel,
        "input \(input) of \(name) \(row) is \(levels[row]), not a level from 0 to "
          + "\(levelCount - 1)")
    }
  }

  /// The nearest number from −2⁵⁰⁰ to 2⁵⁰⁰.
  static func clamped(_ x: Double) -> Double { max(-0x1p500, min(x, 0x1p500)) }

  private static func isLevel(_ number: Double, of count: Int) -> Bool {
    number >= 0 && number < Double(count) && number == number.rounded()
  }
}
