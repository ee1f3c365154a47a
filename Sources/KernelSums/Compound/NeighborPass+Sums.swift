internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

extension NeighborPass {
  /// Writes the sums of a query over the keys of some runs, anchored where they are tiny.
  ///
  /// - Parameter runs: start at multiples of the padding and contain all keys with weight.
  func sums(
    _ asked: Asked, over runs: [Range<Int>], squares: Bool, into results: UnsafeSums, at slot: Int
  ) {
    let columnCount = stored.columns.columnCount
    var sums = [Double](repeating: 0, count: columnCount + 2)
    var lost = sums
    forEachTile(in: runs, asked) { tile in
      let columns = (0..<columnCount).map {
        UnsafePointer<Double>?(stored.columns.column($0) + tile.lowerBound)
      }
      columns.withUnsafeBufferPointer {
        loops.accumulate(
          tile.count, weights.base, columnCount, $0.baseAddress, squares ? 1 : 0, &sums, &lost)
      }
    }
    if !(sums[0] >= DirectEngine.anchoringThreshold) {
      return write(
        anchoredWeights(asked, over: runs), squares: squares, into: results, at: slot)
    }
    results.logAnchors[slot] = logScale
    results.weights[slot] = sums[0] + lost[0]
    results.squaredWeights[slot] = squares ? sums[1] + lost[1] : .nan
    for column in 0..<columnCount {
      results.column(column)[slot] = sums[2 + column] + lost[2 + column]
    }
  }

  /// Writes the sums of weights relative to exp(anchor).
  func write(
    _ anchored: AnchoredWeights, squares: Bool, into results: UnsafeSums, at slot: Int
  ) {
    let weights = anchored.weights
    guard !weights.isEmpty else { return results.clear(slot) }
    results.logAnchors[slot] = anchored.anchor + logScale
    results.weights[slot] = weights.reduce(0) { $0 + $1.weight }
    results.squaredWeights[slot] =
      squares ? weights.reduce(0) { $0 + $1.weight * $1.weight } : .nan
    for index in 0..<stored.columns.columnCount {
      let column = stored.columns.column(index)
      results.column(index)[slot] = weights.reduce(0) { $0 + $1.weight * column[$1.key] }
    }
  }

  /// The places of keys with nonzero weights, and those weights divided by their sum.
  func shares(_ asked: Asked, over runs: [Range<Int>]) -> [DirectEngine.AnchoredWeight] {
    var shares: [DirectEngine.AnchoredWeight] = []
    forEachTile(in: runs, asked) { tile in
      for key in tile where weights.base[key - tile.lowerBound] > 0 {
        shares.append(.init(key: key, weight: weights.base[key - tile.lowerBound]))
      }
    }
    let sum = shares.reduce(0) { $0 + $1.weight }
    return sum >= DirectEngine.anchoringThreshold
      ? shares.map { .init(key: $0.key, weight: $0.weight / sum) }
      : anchoredWeights(asked, over: runs).shares
  }
}

/// Weights divided by exp(anchor); empty if no key supports a query.
struct AnchoredWeights {
  var anchor = -Double.infinity
  var weights: [DirectEngine.AnchoredWeight] = []

  /// The weights divided by their sum.
  var shares: [DirectEngine.AnchoredWeight] {
    let sum = weights.reduce(0) { $0 + $1.weight }
    return weights.map { .init(key: $0.key, weight: $0.weight / sum) }
  }
}

extension NeighborPass {
  /// The weights of keys in the limit of windows that shrink to theirs, relative to the largest; only
  /// keys with the fewest vanishing factors have weight.
  private func anchoredWeights(_ asked: Asked, over runs: [Range<Int>]) -> AnchoredWeights {
    var kept: [(key: Int, log: DoubleDouble)] = []
    var order = Int.max
    for key in runs.joined() where key != asked.excluded {
      guard let weight = limitingWeight(of: key, asked), weight.order <= order else { continue }
      if weight.order < order {
        kept.removeAll(keepingCapacity: true)
        order = weight.order
      }
      kept.append((key, weight.log))
    }
    return anchored(kept)
  }

  /// Weights with given logarithms.
  private func anchored(_ logs: [(key: Int, log: DoubleDouble)]) -> AnchoredWeights {
    guard let first = logs.first?.log else { return AnchoredWeights() }
    let anchor = logs.reduce(first) { ($1.log - $0).value > 0 ? $1.log : $0 }
    return AnchoredWeights(
      anchor: anchor.value,
      weights: logs.map { .init(key: $0.key, weight: .exp(($0.log - anchor).value)) })
  }

  /// Weights that are equal apart from the observation weights.
  func alike(_ keys: [Int]) -> AnchoredWeights {
    anchored(keys.map { ($0, DoubleDouble(stored.logObservationWeight($0))) })
  }

  /// nil if a key has no weight however little its window is widened.
  private func limitingWeight(of key: Int, _ asked: Asked) -> LimitingWeight? {
    let omega = stored.logObservationWeight(key)
    guard omega > -.infinity else { return nil }
    let width = reducedWidth(of: key, asked)
    let factor = omega + (keyWidths?.logShrinkage(width) ?? 0)
    guard let width else { return LimitingWeight(log: DoubleDouble(factor)) }
    let places = places(of: key, in: width, asked)
    guard var weight = limitingWeight(of: key, at: places, in: width, asked) else { return nil }
    weight.log = weight.log + factor
    return weight.log.value > -.infinity ? weight : nil
  }

  private func limitingWeight(
    of key: Int, at places: [Double], in width: NeighborWidth, _ asked: Asked
  ) -> LimitingWeight? {
    let (point, center) = pair(key, asked)
    if isCompact {
      if edge.isProduct, places.contains(where: { abs($0) > 1 + 0x1p-7 }) { return nil }
      return edge.logWeight(
        point, around: center, edge: place(of: width), distance: width.distance)
    }
    if unit.kernel.hasLogProfile {
      let log = edge.logDecay(point, around: center, edge: place(of: width))
      if log.value.isFinite { return LimitingWeight(log: log) }
    }
    let origin = [Double](repeating: 0, count: dimension)
    if let log = unit.logWeight(query: origin, key: places) {
      return log > -.infinity ? LimitingWeight(log: DoubleDouble(log)) : nil
    }
    let weight = weight(places)
    if weight > 0 { return LimitingWeight(log: DoubleDouble(.log(weight))) }
    // How a caller's kernel vanishes is unknown, so keys on its edge share equally.
    let reach = unit.kernel.support * (1 + KeyTree.margin(dimension: dimension))
    let distance = edge.isProduct ? places.map(abs).max() ?? 0 : places.reduce(0) { .hypot($0, $1) }
    return distance <= reach ? LimitingWeight(order: 1) : nil
  }
}
