internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

// Sums whose weights are all tiny: far from all keys, at the very edge of a window, or under tiny
// observation weights. Each such weight rounds to 0 or has a large relative error.
//
// Goals, in order: (1) the ratio of sums keeps twelve digits however far the query lies; (2) a tie is
// shared exactly; (3) it costs a second pass for the affected queries.
//
// A first pass finds the largest log-weight L in double precision. Only keys whose log-weight may lie
// within `depth` of it matter. Their relative weights depend on the difference of two log-weights: at
// u = 10⁸ a Gaussian log-weight is 5·10¹⁵, and rounding to a double would lose any difference. So
// differences are formed first, from the exact q − k of both keys, in double-double; with several
// inputs, large terms of opposite sign still cancel between the inputs, which the second double
// absorbs.
extension DirectEngine {
  /// A key that matters to a far query, with its weight relative to the anchor's.
  struct AnchoredWeight {
    var key: Int
    var weight: Double
  }

  /// A weight whose logarithm is further than this below 0 rounds to 0.
  static var greatestDepth: Double { 745 }

  /// How far below the largest log-weight a key can be and still affect a sum: 60 for the weights
  /// themselves, exp(−60) ≈ 10⁻²⁶, plus the log of how much the values of a column differ in magnitude.
  static func depth(of columns: [[Double]]) -> Double {
    columns.reduce(60) { depth, column in
      var least = Double.infinity
      var greatest = 0.0
      for value in column {
        least = min(least, value.magnitude)
        greatest = max(greatest, value.magnitude)
      }
      guard least > 0 else { return greatest > 0 ? greatestDepth : depth }
      return max(depth, min(60 + .log(greatest) - .log(least), greatestDepth))
    }
  }

  /// Whether this is the Gaussian in one input, whose weights relative to the largest need no
  /// logarithms.
  var isOneGaussian: Bool {
    guard case .builtIn(.gaussian) = similarity.kernel.form else { return false }
    return similarity.bandwidths.count == 1
  }

  /// Replaces one query's sums by sums of weights relative to the nearest key's, at the speed of plain
  /// sums: in one input the difference of two squares is a product of differences, which keeps its
  /// digits in double precision.
  ///
  /// - Returns: false if distances or observation weights come near the limits of doubles; the sums are
  ///   then unchanged.
  func sumsBesideNearest(
    of query: BlockQuery, _ slot: Int, over runs: [Range<Int>], squares: Bool, pass: TilePass,
    into results: UnsafeSums
  ) -> Bool {
    let stored = pass.stored
    guard stored.hasEvenWeights else { return false }
    guard let reference = nearestKey(of: query, over: runs, in: stored) else { return false }
    let distance = (query.coordinates[0] - reference) * inverseBandwidths[0]
    guard distance.magnitude < 1e100 else { return false }
    pass.restart(slot)
    pass.forEachTile(in: runs) { tile, pass in
      pass.weigh(
        query: query.coordinates, tile: tile, excluding: query.excluded, beside: reference)
      pass.accumulate(
        into: slot, query: query.coordinates, tile: tile, squares: squares)
    }
    pass.finish(slot, squares: squares, into: results, at: query.place)
    results.logAnchors[query.place] -= 0.5 * distance * distance
    return true
  }

  /// The nearest key with weight in one input; the difference of the two neighbours' distances, formed
  /// without rounding them first, decides between them.
  private func nearestKey(
    of query: BlockQuery, over runs: [Range<Int>], in stored: KeyColumns
  ) -> Double? {
    let place = query.coordinates[0]
    let keys = stored.keys.column(0)
    let weights = stored.observationWeights?.column(0)
    var below = -Double.infinity
    var above = Double.infinity
    for index in runs.joined() where index != query.excluded {
      if let weights, weights[index] == 0 { continue }
      let key = keys[index]
      if key <= place { below = max(below, key) } else if !isCausal { above = min(above, key) }
    }
    if below == -.infinity { return above < .infinity ? above : nil }
    if above == .infinity { return below }
    let sum = DoubleDouble(sumOf: below, above) - DoubleDouble(sumOf: place, place)
    return sum.value < 0 ? above : below
  }

  /// Replaces the sums of one query by anchored ones.
  func anchoredSums(
    of query: BlockQuery, over runs: [Range<Int>], squares: Bool, pass: TilePass,
    into results: UnsafeSums
  ) {
    let stored = pass.stored
    let slot = query.place
    let (anchor, weights) = anchoredWeights(
      query: query.coordinates, excluding: query.excluded, over: runs, depth: stored.depthForSums,
      pass: pass)
    results.logAnchors[slot] = anchor + stored.logObservationScale
    results.weights[slot] = weights.reduce(0) { $0 + $1.weight }
    results.squaredWeights[slot] =
      squares ? weights.reduce(0) { $0 + $1.weight * $1.weight } : .nan
    guard degree == 0 else {
      // Such weights differ by so much that their sums do not determine the polynomial.
      for index in 0..<results.columnCount { results.column(index)[slot] = .nan }
      return
    }
    for index in 0..<stored.columns.columnCount {
      let column = stored.columns.column(index)
      results.column(index)[slot] = weights.reduce(0) { $0 + $1.weight * column[$1.key] }
    }
  }

  /// The keys of some runs whose weight is at least about exp(−depth) times the largest; none if no key
  /// supports the query.
  func anchoredWeights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, over runs: [Range<Int>],
    depth: Double, pass: TilePass
  ) -> (anchor: Double, weights: [AnchoredWeight]) {
    let (anchor, logWeights) = anchoredLogWeights(
      query: query, excluding: excluded, over: runs, depth: depth, pass: pass)
    return (
      anchor, logWeights.map { AnchoredWeight(key: $0.key, weight: .exp($0.logWeight)) }
    )
  }

  /// The same keys with the logarithms of their weights relative to the largest.
  func anchoredLogWeights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, over runs: [Range<Int>],
    depth: Double, pass: TilePass
  ) -> (anchor: Double, logWeights: [(key: Int, logWeight: Double)]) {
    let stored = pass.stored
    var leastByTile: [Double] = []
    pass.forEachTile(in: runs) { tile, pass in
      leastByTile.append(
        pass.negativeLogWeights(query: query, tile: tile, excluding: excluded))
    }
    guard let least = leastByTile.min(), least < .infinity else {
      return nearestLimit(query: query, excluding: excluded, over: runs, pass: pass)
    }
    // The first pass is wrong by a few units in the last place for each input.
    let margin =
      depth + pass.excess + 8 * Double(query.count + 2) * least.magnitude * .ulpOfOne
    var candidates: [Int] = []
    var reference = (key: 0, negativeLogWeight: Double.infinity)
    var tilesLeft = leastByTile[...]
    pass.forEachTile(in: runs) { tile, pass in
      guard let leastOfTile = tilesLeft.popFirst(), leastOfTile <= least + margin else { return }
      _ = pass.negativeLogWeights(query: query, tile: tile, excluding: excluded)
      for index in 0..<tile.count where pass.weights[index] <= least + margin {
        candidates.append(tile.lowerBound + index)
        if pass.weights[index] < reference.negativeLogWeight {
          reference = (tile.lowerBound + index, pass.weights[index])
        }
      }
    }
    let best = unbeaten(among: candidates, startingAt: reference.key) {
      logRatio(query: query, key: $0, to: $1, of: stored)
        + (stored.logObservationWeight($0) - stored.logObservationWeight($1))
    }
    let anchor = logWeight(query: query, key: best.key, of: stored)
    return (
      anchor + stored.logObservationWeight(best.key),
      zip(candidates, best.ratios).map { ($0, $1) }
    )
  }

  /// Where even the logarithms of the Gaussian leave the range of doubles, all weight is on the nearest
  /// keys; the other kernels' logarithms stay in range, so for them no key means no support.
  private func nearestLimit(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, over runs: [Range<Int>],
    pass: TilePass
  ) -> (anchor: Double, logWeights: [(key: Int, logWeight: Double)]) {
    guard case .builtIn(.gaussian) = similarity.kernel.form else { return (-.infinity, []) }
    let nearest = nearestKeys(query: query, excluding: excluded, over: runs, pass: pass)
    let logs = nearest.keys.map(pass.stored.logObservationWeight)
    guard let largest = logs.max() else { return (-.infinity, []) }
    return (-.greatestFiniteMagnitude, zip(nearest.keys, logs).map { ($0, $1 - largest) })
  }

  /// ln α of one key, in double precision.
  private func logWeight(
    query: UnsafeBufferPointer<Double>, key: Int, of stored: KeyColumns
  ) -> Double {
    if similarity.kernel.isCompact { return compactLogWeight(query: query, key: key, of: stored) }
    return similarity.logWeight(
      query: query, key: query.indices.map { stored.keys.column($0)[key] }) ?? -.infinity
  }

  /// ln of the ratio of two keys' weights.
  private func logRatio(
    query: UnsafeBufferPointer<Double>, key: Int, to reference: Int, of stored: KeyColumns
  ) -> DoubleDouble {
    if similarity.kernel.isCompact {
      return DoubleDouble(
        compactLogWeight(query: query, key: key, of: stored)
          - compactLogWeight(query: query, key: reference, of: stored))
    }
    let pairs = query.indices.map {
      DistancePair(
        query: query[$0], key: stored.keys.column($0)[key],
        reference: stored.keys.column($0)[reference], bandwidth: similarity.bandwidths[$0])
    }
    if case .builtIn(.gaussian) = similarity.kernel.form {
      return -pairs.reduce(.zero) { $0 + $1.differenceOfSquares }.scaled(by: 0.5)
    }
    return similarity.isProduct
      ? pairs.reduce(.zero) { $0 + similarity.kernel.logRatio($1) }
      : similarity.kernel.logRatio(DistancePair(radial: pairs))
  }
}

extension KeyColumns {
  /// ln ω of a key, scaled so that the largest is near 0.
  func logObservationWeight(_ key: Int) -> Double { logObservationWeights?[key] ?? 0 }
}

extension Kernel {
  /// ln K(u) of a key minus that of the reference, accurate however large both are.
  fileprivate func logRatio(_ u: DistancePair) -> DoubleDouble {
    switch form {
    case .builtIn(.laplacian):
      return -u.difference
    case .builtIn(.logistic):
      return -u.difference
        + 2 * (.log(onePlus: .exp(-u.reference)) - .log(onePlus: .exp(-u.key)))
    case .builtIn(.cauchy) where u.reference < 0x1p500:
      // (1 + u²)/(1 + v²) − 1 keeps the digits where the two are nearly equal.
      let excess = u.differenceOfSquares.value / (1 + u.reference * u.reference)
      if (-0.5...1).contains(excess) { return DoubleDouble(-.log(onePlus: excess)) }
    default: break
    }
    return DoubleDouble((logProfile(u.key) ?? 0) - (logProfile(u.reference) ?? 0))
  }
}
