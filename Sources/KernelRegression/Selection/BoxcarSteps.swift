internal import KernelSums
internal import SimilarityKernels

// The boxcar's criterion, step by step.
//
// 1. Exactness. For the boxcar only the pairs of keys that a bandwidth covers matter, so a criterion is
//    constant between one distance of two keys and the next. All distances are visited, and the reported
//    stretches contain exactly the doubles at which the engines, which decide abs(q − k) < h without
//    rounding, see the same pairs. Distances that may differ only by the rounding of decimal keys to
//    doubles count as one, so a shift of the keys changes no choice.
// 2. Cost. A distance that enters adds one key to the windows of two rows. With W = Σω and V = Σωv over
//    row i's window without the row itself, its terms of the criteria are
//
//        e₋ = v − V/W,     1 − H = W/(ω + W),     e = e₋(1 − H),
//
//    and only two rows' terms change in the sums over rows: O(1) for each pair, O(n² log n) for the
//    sorting.
// 3. Accuracy. W and V only grow by additions. The sums over rows both gain and lose terms, n² times in
//    all, so they carry their rounding errors (Neumaier).

/// The steps of the Nadaraya–Watson estimator's criterion under the boxcar in one input.
struct BoxcarSteps {
  /// A range of bandwidths with one value of the criterion.
  struct Step {
    let from: Double
    var to: Double
    let criterion: Double
  }

  private struct Pair {
    let from: Double
    let low: Int32
    let high: Int32
  }

  private let table: SelectionTable
  private let method: BandwidthMethod
  private let predictions: [[Double]]
  private let predictsEverywhere: Bool
  private let totalWeight: Double

  private var windowWeights: [Double]
  private var windowSums: [[Double]]
  private var leftOut: [CompensatedSum]
  private var kept: [CompensatedSum]
  private var freedom = CompensatedSum()
  private var unsupported: Int

  /// - Parameter predictions: for each column the policy's prediction at a row that no other row
  ///   supports, NaN if there is none.
  init(_ table: SelectionTable, method: BandwidthMethod, predictions: [[Double]]) {
    self.table = table
    self.method = method
    let rows = table.keys.count
    windowWeights = [Double](repeating: 0, count: rows)
    windowSums = table.values.map { _ in [Double](repeating: 0, count: rows) }
    kept = table.values.map { _ in CompensatedSum() }
    leftOut = kept
    unsupported = rows
    self.predictions = predictions
    predictsEverywhere = !predictions.contains { $0.contains { $0.isNaN } }
    totalWeight = table.observationWeights?.reduce(0, +) ?? Double(rows)
    for row in 0..<rows { addTerms(of: row, sign: 1) }
  }

  /// The steps, smallest bandwidth first; neighbours with equal criteria are merged.
  mutating func steps() -> [Step] {
    let pairs = Self.pairs(of: table.keys.coordinates)
    // Each of two keys is off by up to half a unit in the last place, and so are the other two.
    let rounding = 4 * table.keys.coordinates.reduce(0) { max($0, $1.magnitude) }.ulp
    var steps: [Step] = []
    var next = 0
    var from = Double.leastNormalMagnitude
    while true {
      while next < pairs.count, pairs[next].from - from <= rounding || pairs[next].from <= from {
        from = max(from, pairs[next].from)
        enter(Int(pairs[next].low), Int(pairs[next].high))
        next += 1
      }
      let to = next < pairs.count ? pairs[next].from.nextDown : .infinity
      let criterion = criterion()
      if steps.last?.criterion == criterion {
        steps[steps.count - 1].to = to
      } else {
        steps.append(Step(from: from, to: to, criterion: criterion))
      }
      guard next < pairs.count else { return steps }
      from = pairs[next].from
    }
  }

  /// All pairs of keys by the first bandwidth that covers them.
  private static func pairs(of keys: [Double]) -> [Pair] {
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    var pairs: [Pair] = []
    pairs.reserveCapacity(keys.count * (keys.count - 1) / 2)
    for (place, high) in order.enumerated() {
      for low in order[..<place] {
        pairs.append(
          Pair(
            from: BandwidthRange.firstCovering(keys[low], keys[high]), low: Int32(low),
            high: Int32(high)))
      }
    }
    pairs.sort { $0.from < $1.from }
    return pairs
  }

  private func weight(_ row: Int) -> Double { table.observationWeights?[row] ?? 1 }

  private mutating func enter(_ one: Int, _ other: Int) {
    for (row, key) in [(one, other), (other, one)] {
      addTerms(of: row, sign: -1)
      if windowWeights[row] == 0 { unsupported -= 1 }
      windowWeights[row] += weight(key)
      for column in windowSums.indices {
        windowSums[column][row] += weight(key) * table.values[column][key]
      }
      addTerms(of: row, sign: 1)
    }
  }

  private mutating func addTerms(of row: Int, sign: Double) {
    let own = weight(row)
    let others = windowWeights[row]
    let isSupported = others > 0
    let complement = isSupported ? others / (own + others) : 0
    freedom.add(sign * complement)
    for column in windowSums.indices {
      let estimate = isSupported ? windowSums[column][row] / others : predictions[column][row]
      // Rows without a residual are counted; while there are any, the criterion is infinite.
      let residual = estimate.isNaN ? 0 : table.values[column][row] - estimate
      let reduced = residual * complement
      leftOut[column].add(sign * own * residual * residual)
      kept[column].add(sign * own * reduced * reduced)
    }
  }

  private func criterion() -> Double {
    let lacksResiduals = unsupported > 0 && !predictsEverywhere
    let report = CriterionReport(
      rowCount: table.keys.count,
      leaveOneOutMeanSquares: leftOut.map {
        lacksResiduals ? .nan : max($0.value, 0) / totalWeight
      },
      meanSquares: kept.map { max($0.value, 0) / totalWeight }, residualFreedom: freedom.value,
      unsupportedRows: unsupported)
    return table.combined(report, method)
  }
}
