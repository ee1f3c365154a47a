internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The state one thread needs to sum the keys near queries given in ascending order.
final class NearbyPass: SortedPass {
  private let engine: NearbyGaussian
  private let squares: Bool
  private let results: UnsafeSums
  private let uncertain: MarkedSlots
  private let loop:
    @convention(c) (
      UnsafePointer<nadaraya_line>?, Double, Int, Int, Int, Int32, Double, Int32,
      UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?
    ) -> Void

  private let keys: UnsafePointer<Double>
  private let count: Int
  private let bandwidth: Double
  private let inverseBandwidth: Double
  private let logScale: Double
  private let line: UnsafeMutablePointer<nadaraya_line>
  private let columns: UnsafeMutablePointer<UnsafePointer<Double>?>

  private let sumCount: Int
  private let room: AlignedMemory

  /// The distance beyond which any sum is below ``anchoringThreshold``.
  private let surelyTiny: Double

  /// The first key at or right of the last query, the end of the keys that count for it, and the keys
  /// in reach.
  private var place = 0
  private var end = 0
  private var near = 0..<0

  /// The logarithm of the number that the last query's weights are divided by.
  private var anchor = 0.0

  init(
    _ engine: NearbyGaussian, squares: Bool, results: UnsafeSums,
    uncertain: MarkedSlots, instructions: InstructionSet
  ) {
    self.engine = engine
    self.squares = squares
    self.results = results
    self.uncertain = uncertain
    loop = instructions.loops.near.gaussian
    let sorted = engine.sorted
    keys = sorted.keys
    count = sorted.count
    surelyTiny = .sqrt(2 * (.log(2 * Double(sorted.count)) - .log(DirectEngine.anchoringThreshold)))
    bandwidth = engine.problem.similarity.bandwidths[0]
    inverseBandwidth = 1 / bandwidth
    logScale = sorted.logObservationScale
    columns = .allocate(capacity: sorted.columnCount + 1)
    for column in 0..<sorted.columnCount {
      columns.advanced(by: column).initialize(to: sorted.column(column))
    }
    line = .allocate(capacity: 1)
    line.initialize(
      to: nadaraya_line(
        keys: keys, observation_weights: sorted.observationWeights,
        column_count: sorted.columnCount, columns: columns, sign_masks: nil,
        inverse_bandwidth: 1 / bandwidth,
        degree: engine.problem.degree))
    sumCount = 2 + engine.problem.sumCount
    room = AlignedMemory(count: 2 * sumCount)
  }

  deinit {
    line.deallocate()
    columns.deallocate()
  }

  /// Writes the sums of one query.
  ///
  /// - Parameter own: the position of the key to leave out; −1 for none.
  func sum(query: Double, own: Int, into slot: Int) {
    place = moved(place) { [keys] in keys[$0] >= query }
    end =
      engine.problem.isCausal
      ? moved(max(place, min(end, count))) { [keys] in keys[$0] > query } : count
    guard let nearest = nearest(to: query, own) else { return writeEmpty(into: slot) }
    let distance = (query - nearest).magnitude * inverseBandwidth
    // Squares of distances must stay in the range of doubles.
    guard distance < 0x1p500 else { return doubt(slot) }
    for further in [0.0, 40] where take(query, own, nearest, distance, further) {
      results.logAnchors[slot] = anchor + logScale
      results.weights[slot] = sum(0)
      results.squaredWeights[slot] = squares ? sum(1) : .nan
      for index in 2..<sumCount { results.column(index - 2)[slot] = sum(index) }
      return
    }
    doubt(slot)
  }

  /// Sums the keys within reach.
  ///
  /// - Parameters:
  ///   - distance: the distance of the nearest key, in bandwidths.
  ///   - further: how much smaller sums may be, in powers of two; the reach grows with it.
  /// - Returns: whether keys beyond the reach cannot matter to any sum.
  private func take(
    _ query: Double, _ own: Int, _ nearest: Double, _ distance: Double, _ further: Double
  ) -> Bool {
    let depth = engine.depth + further * .log(2)
    let reach = (distance * distance + 2 * depth).squareRoot() * bandwidth * (1 + 0x1p-48)
    let start = moved(near.lowerBound) { [keys] in query - keys[$0] <= reach }
    near = start..<max(moved(near.upperBound) { [keys] in keys[$0] - query > reach }, start)
    anchor = 0
    // The first pass would be useless.
    let isTiny = distance > surelyTiny
    if !isTiny { take(query, own, nil) }
    if isTiny || !(sum(0) >= DirectEngine.anchoringThreshold) {
      anchor = -distance * distance / 2
      take(query, own, nearest)
    }
    // The term of a key with the largest weight and values at the nearest key's place.
    let largest = Double.exp(-distance * distance / 2 - anchor) * .exp2(-further)
    return sum(0) >= 0x1p-20 * largest && areCertain(largest)
  }

  private func take(_ query: Double, _ own: Int, _ reference: Double?) {
    room.base.update(repeating: 0, count: 2 * sumCount)
    loop(
      line, query, min(near.lowerBound, end), min(near.upperBound, end), own,
      reference == nil ? 0 : 1,
      reference ?? query, squares ? 1 : 0, room.base, room.base + sumCount)
  }

  private func sum(_ index: Int) -> Double { room.base[index] + room.base[sumCount + index] }

  private func areCertain(_ largest: Double) -> Bool {
    let degree = engine.problem.degree
    for (column, least) in engine.leastSums.enumerated() {
      // The moments of the columns follow those of the weights; their first is Σwc.
      let size = sum(2 + 2 * degree + column * (degree + 1)).magnitude
      if !(size >= least * largest) { return false }
    }
    return true
  }

  /// The nearest key that counts, from the place of the query.
  private func nearest(to query: Double, _ own: Int) -> Double? {
    var (left, right) = (place - 1, place)
    if left == own { left -= 1 }
    if right == own { right += 1 }
    guard left >= 0 else { return right < end ? keys[right] : nil }
    guard right < end else { return keys[left] }
    return query - keys[left] <= keys[right] - query ? keys[left] : keys[right]
  }

  /// The first key from which on a condition is true for all keys, searching from a nearby place.
  private func moved(_ from: Int, to holds: (Int) -> Bool) -> Int {
    var (low, high) = (from, from)
    var step = 1
    while high < count, !holds(high) {
      low = high + 1
      high += step
      step *= 2
    }
    if high == from {
      // The condition is true there, so search backwards.
      while low > 0, holds(low - 1) {
        high = low - 1
        low = max(high - step, 0)
        step *= 2
      }
      guard low < high else { return high }
    }
    high = min(high, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return high
  }

  private func doubt(_ slot: Int) { uncertain.add(slot) }

  private func writeEmpty(into slot: Int) {
    results.logAnchors[slot] = -.infinity
    results.weights[slot] = 0
    results.squaredWeights[slot] = squares ? 0 : .nan
    for index in 2..<sumCount { results.column(index - 2)[slot] = 0 }
  }
}
