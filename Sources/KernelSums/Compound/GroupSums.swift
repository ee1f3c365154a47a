internal import RealModule

// The total of group sums that have different anchors.
//
// The weights of one group relative to another's are exp(a − b) for their anchors a and b. An anchor
// that is a log-weight has an error of a few units in its last place, so exp(a − b) has an error of
// about abs(a) units: at the depth of 200 from which engines anchor, it is near 1e-13. For a Gaussian
// it grows with the square of the distance until no digit is left. Queries with two anchored groups are
// therefore uncertain, and the direct engine's loops recompute them over all keys, forming differences
// of log-weights before anything is rounded.
struct GroupSums {
  let results: UnsafeSums
  private let squares: Bool
  /// For each query, the two largest anchors that are log-weights of keys.
  private var logWeights: [(largest: Double, second: Double)]
  /// For each query, the largest anchor of a group without moments, because its weights are tiny.
  private var withoutMoments: [Double]

  /// Anchors further than this below the anchor of plain sums are log-weights of keys.
  private static let depth = 100.0

  /// The factors that a group's sums are multiplied by.
  struct Weight {
    /// The factor of Σw.
    let weight: Double
    /// The factor of Σw² divided by the square of the factor of Σw.
    let squaredRatio: Double
  }

  init(_ results: UnsafeSums, squares: Bool) {
    self.results = results
    self.squares = squares
    logWeights = [(largest: Double, second: Double)](
      repeating: (-.infinity, -.infinity), count: results.count)
    withoutMoments = [Double](repeating: -.infinity, count: results.count)
    results.logAnchors.initialize(repeating: -.infinity, count: results.count)
    results.weights.initialize(repeating: 0, count: results.count)
    results.squaredWeights.initialize(repeating: squares ? 0 : .nan, count: results.count)
    for column in 0..<results.columnCount {
      results.column(column).initialize(repeating: 0, count: results.count)
    }
  }

  /// Adds a group's sums to those of some queries.
  ///
  /// - Parameters:
  ///   - found: the sums of the queries in their order.
  ///   - logScale: the anchor of the group's plain sums.
  mutating func add(
    _ found: AnchoredSums, logScale: Double, to queries: [Int], _ weights: [Weight]
  ) {
    found.withUnsafeSums { found in
      for (slot, query) in queries.enumerated() where found.weights[slot] > 0 {
        add(found, slot, logScale: logScale, weights[slot], to: query)
      }
    }
  }

  /// Adds some of a group's sums, unscaled, to those of the same number of queries.
  mutating func add(
    _ found: AnchoredSums, _ slots: Range<Int>, logScale: Double, to queries: ArraySlice<Int32>
  ) {
    let one = Weight(weight: 1, squaredRatio: 1)
    found.withUnsafeSums { found in
      // A Σw that is negligible in the whole may round below 0 although Σwc is not negligible.
      for (slot, query) in zip(slots, queries) where found.weights[slot] != 0 {
        add(found, slot, logScale: logScale, one, to: Int(query))
      }
    }
  }

  private mutating func add(
    _ found: UnsafeSums, _ slot: Int, logScale: Double, _ weight: Weight, to query: Int
  ) {
    let anchor = found.logAnchors[slot] + shift(weight)
    if found.logAnchors[slot] < logScale - Self.depth {
      let (largest, second) = logWeights[query]
      logWeights[query] = (max(largest, anchor), max(second, min(largest, anchor)))
    }
    add(found, slot, weight, to: query)
    if found.columnCount > 0, found.column(found.columnCount - 1)[slot].isNaN {
      withoutMoments[query] = max(withoutMoments[query], anchor)
    }
  }

  private func add(_ found: UnsafeSums, _ slot: Int, _ weight: Weight, to query: Int) {
    let shift = shift(weight)
    let anchor = found.logAnchors[slot] + shift
    let old = results.logAnchors[query]
    if anchor > old { rescale(query, by: .exp(old - anchor), to: anchor) }
    let factor = anchor < old ? Double.exp(anchor - old) : 1
    let scale = factor * (shift == 0 ? weight.weight : 1)
    results.weights[query] += scale * found.weights[slot]
    if squares {
      let squared = scale * scale * weight.squaredRatio
      results.squaredWeights[query] += squared * found.squaredWeights[slot]
    }
    for column in 0..<results.columnCount {
      let sum = found.column(column)[slot]
      if !sum.isNaN { results.column(column)[query] += scale * sum }
    }
  }

  /// A tiny weight is moved into the anchor.
  private func shift(_ weight: Weight) -> Double {
    weight.weight < 1e-100 ? .log(weight.weight) : 0
  }

  private func rescale(_ query: Int, by factor: Double, to anchor: Double) {
    results.logAnchors[query] = anchor
    results.weights[query] *= factor
    results.squaredWeights[query] *= factor * factor
    for column in 0..<results.columnCount { results.column(column)[query] *= factor }
  }

  /// Removes the moments of queries to which a group without moments adds more than rounding.
  func takeBackMoments() {
    for query in 0..<results.count
    where withoutMoments[query] > results.logAnchors[query] - 60 {
      for column in 0..<results.columnCount { results.column(column)[query] = .nan }
    }
  }

  /// The queries whose largest anchor is a log-weight and whose second is not negligible.
  var uncertain: [Int] { (0..<results.count).filter(isUncertain) }

  /// Whether a query is uncertain from the sums added so far.
  func isUncertain(_ query: Int) -> Bool {
    let (largest, second) = logWeights[query]
    return largest >= results.logAnchors[query] && largest - second < DirectEngine.greatestDepth
  }
}
