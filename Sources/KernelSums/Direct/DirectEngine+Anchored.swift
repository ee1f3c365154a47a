internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

// Sums whose weights are all tiny: far from all keys, at the very edge of a window, or under tiny
// observation weights. Each weight rounds to 0 there or carries a large relative error.
//
// Goals, in order: (1) the ratio of sums keeps twelve digits however far the query lies; (2) a tie
// is shared exactly; (3) the cost is that of a second pass for the queries concerned.
//
// A first pass finds the largest log-weight L in double precision. Only keys whose log-weight
// may lie within `depth` of it matter. For those, what decides is the difference of two log-weights:
// at u = 10⁸ a Gaussian log-weight is 5·10¹⁵, and no difference would survive the rounding of a
// double. So differences are formed first, from the exact q − k of both keys, in double-double;
// with several inputs large terms of opposite sign still cancel between the inputs, which the
// second double absorbs.
extension DirectEngine {
  /// A key that matters to a far query, with its weight over that of the anchor.
  struct AnchoredWeight {
    var key: Int
    var weight: Double
  }

  /// Below this, in logarithm, no double is left of a weight.
  static var greatestDepth: Double { 745 }

  /// How far below the largest log-weight a key can lie and still leave a trace in a sum: 60 for the
  /// weights themselves, exp(−60) ≈ 10⁻²⁶, and what the values of a column differ by in magnitude.
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

  /// Replaces the sums of one query by anchored ones.
  func anchoredSums(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, squares: Bool,
    pass: TilePass, into results: UnsafeSums, at slot: Int
  ) {
    let (anchor, weights) = anchoredWeights(
      query: query, excluding: excluded, depth: depthForSums, pass: pass)
    results.logAnchors[slot] = anchor + logObservationScale
    results.weights[slot] = weights.reduce(0) { $0 + $1.weight }
    results.squaredWeights[slot] =
      squares ? weights.reduce(0) { $0 + $1.weight * $1.weight } : .nan
    for index in 0..<columns.columnCount {
      let column = columns.column(index)
      results.column(index)[slot] = weights.reduce(0) { $0 + $1.weight * column[$1.key] }
    }
  }

  /// The keys whose weight is at least about exp(−depth) times the largest; none where no key
  /// supports the query.
  func anchoredWeights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, depth: Double, pass: TilePass
  ) -> (anchor: Double, weights: [AnchoredWeight]) {
    var leastByTile: [Double] = []
    pass.forEachTile { tile, pass in
      leastByTile.append(
        pass.negativeLogWeights(query: query, tile: tile, excluding: excluded))
    }
    guard let least = leastByTile.min(), least < .infinity else {
      return nearestLimit(query: query, excluding: excluded, pass: pass)
    }
    // The first pass is wrong by a few units in the last place for each input.
    let margin =
      depth + pass.excess + 8 * Double(query.count + 2) * least.magnitude * .ulpOfOne
    var candidates: [Int] = []
    var reference = (key: 0, negativeLogWeight: Double.infinity)
    pass.forEachTile { tile, pass in
      guard leastByTile[tile.lowerBound / tileLength] <= least + margin else { return }
      _ = pass.negativeLogWeights(query: query, tile: tile, excluding: excluded)
      for index in 0..<tile.count where pass.weights[index] <= least + margin {
        candidates.append(tile.lowerBound + index)
        if pass.weights[index] < reference.negativeLogWeight {
          reference = (tile.lowerBound + index, pass.weights[index])
        }
      }
    }
    let best = unbeaten(among: candidates, startingAt: reference.key) {
      logRatio(query: query, key: $0, to: $1)
        + (logObservationWeight($0) - logObservationWeight($1))
    }
    let weights = zip(candidates, best.ratios).map {
      AnchoredWeight(key: $0, weight: .exp($1))
    }
    return (logWeight(query: query, key: best.key) + logObservationWeight(best.key), weights)
  }

  /// Where even the logarithms of the Gaussian leave the range of doubles, all weight is on the
  /// nearest keys; the other kernels' logarithms stay in it, and no key there means no support.
  private func nearestLimit(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, pass: TilePass
  ) -> (anchor: Double, weights: [AnchoredWeight]) {
    guard case .builtIn(.gaussian) = similarity.kernel.form else { return (-.infinity, []) }
    let nearest = nearestKeys(query: query, excluding: excluded, pass: pass)
    let logs = nearest.keys.map(logObservationWeight)
    guard let largest = logs.max() else { return (-.infinity, []) }
    return (
      -.greatestFiniteMagnitude,
      zip(nearest.keys, logs).map { AnchoredWeight(key: $0, weight: .exp($1 - largest)) }
    )
  }

  private func logObservationWeight(_ key: Int) -> Double {
    logObservationWeights?[key] ?? 0
  }

  /// ln α of one key, in double precision.
  private func logWeight(query: UnsafeBufferPointer<Double>, key: Int) -> Double {
    if similarity.kernel.isCompact { return compactLogWeight(query: query, key: key) }
    return similarity.logWeight(query: query, key: query.indices.map { keys.column($0)[key] })
      ?? -.infinity
  }

  /// ln of the weight of one key over that of another.
  private func logRatio(
    query: UnsafeBufferPointer<Double>, key: Int, to reference: Int
  ) -> DoubleDouble {
    if similarity.kernel.isCompact {
      return DoubleDouble(
        compactLogWeight(query: query, key: key) - compactLogWeight(query: query, key: reference))
    }
    let pairs = query.indices.map {
      DistancePair(
        query: query[$0], key: keys.column($0)[key], reference: keys.column($0)[reference],
        bandwidth: similarity.bandwidths[$0])
    }
    if case .builtIn(.gaussian) = similarity.kernel.form {
      return -pairs.reduce(.zero) { $0 + $1.differenceOfSquares }.scaled(by: 0.5)
    }
    return similarity.isProduct
      ? pairs.reduce(.zero) { $0 + similarity.kernel.logRatio($1) }
      : similarity.kernel.logRatio(DistancePair(radial: pairs))
  }
}

extension Kernel {
  /// ln K(u) of a key less that of the reference, accurate however large both are.
  fileprivate func logRatio(_ u: DistancePair) -> DoubleDouble {
    switch form {
    case .builtIn(.laplacian):
      return -u.difference
    case .builtIn(.logistic):
      return -u.difference
        + 2 * (.log(onePlus: .exp(-u.reference)) - .log(onePlus: .exp(-u.key)))
    case .builtIn(.cauchy) where u.reference < 0x1p500:
      // (1 + u²)/(1 + v²) − 1, which keeps the digits where the two are nearly equal.
      let excess = u.differenceOfSquares.value / (1 + u.reference * u.reference)
      if (-0.5...1).contains(excess) { return DoubleDouble(-.log(onePlus: excess)) }
    default: break
    }
    return DoubleDouble((logProfile(u.key) ?? 0) - (logProfile(u.reference) ?? 0))
  }
}
