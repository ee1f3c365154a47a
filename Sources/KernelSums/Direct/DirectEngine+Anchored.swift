internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

// Sums far from all keys, where every weight rounds to 0 or carries a large relative error.
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

  /// Weights lower than exp(−60) ≈ 10⁻²⁶ times the largest leave no trace in a sum.
  private static var depthForSums: Double { 60 }

  /// Replaces the sums of one query by anchored ones.
  func anchoredSums(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, squares: Bool,
    pass: TilePass, into entry: UnsafeMutableBufferPointer<Double>
  ) {
    let (anchor, weights) = anchoredWeights(
      query: query, excluding: excluded, depth: Self.depthForSums, pass: pass)
    entry[0] = anchor + logObservationScale
    entry[1] = weights.reduce(0) { $0 + $1.weight }
    entry[2] = squares ? weights.reduce(0) { $0 + $1.weight * $1.weight } : .nan
    for index in 0..<columns.columnCount {
      let column = columns.column(index)
      entry[3 + index] = weights.reduce(0) { $0 + $1.weight * column[$1.key] }
    }
  }

  /// The keys whose weight is at least about exp(−depth) times the largest.
  func anchoredWeights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, depth: Double, pass: TilePass
  ) -> (anchor: Double, weights: [AnchoredWeight]) {
    var leastByTile: [Double] = []
    pass.forEachTile { tile, pass in
      pass.losses(query: query, tile: tile, excluding: excluded)
      leastByTile.append(pass.loops.smallest(tile.count, pass.weights))
    }
    guard let least = leastByTile.min(), least < .infinity else {
      return nearestLimit(query: query, excluding: excluded, pass: pass)
    }
    // The first pass is wrong by a few units in the last place for each input.
    let margin =
      depth + pass.slack + 8 * Double(query.count + 2) * least.magnitude * .ulpOfOne
    var candidates: [Int] = []
    var reference: (key: Int, loss: Double) = (0, .infinity)
    pass.forEachTile { tile, pass in
      guard leastByTile[tile.lowerBound / Self.tileLength] <= least + margin else { return }
      pass.losses(query: query, tile: tile, excluding: excluded)
      for index in 0..<tile.count where pass.weights[index] <= least + margin {
        candidates.append(tile.lowerBound + index)
        if pass.weights[index] < reference.loss {
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
    let key = query.indices.map { keys.column($0)[best.key] }
    let anchor =
      (similarity.logWeight(query: query, key: key) ?? 0) + logObservationWeight(best.key)
    return (anchor, weights)
  }

  /// Where even the logarithms leave the range of doubles, all weight is on the nearest keys.
  private func nearestLimit(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, pass: TilePass
  ) -> (anchor: Double, weights: [AnchoredWeight]) {
    let nearest = nearestKeys(query: query, excluding: excluded, pass: pass)
    return (
      nearest.keys.isEmpty ? -.infinity : -.greatestFiniteMagnitude,
      nearest.keys.map { AnchoredWeight(key: $0, weight: observationWeights?.column(0)[$0] ?? 1) }
    )
  }

  private func logObservationWeight(_ key: Int) -> Double {
    logObservationWeights?[key] ?? 0
  }

  /// ln of the weight of one key over that of another.
  private func logRatio(
    query: UnsafeBufferPointer<Double>, key: Int, to reference: Int
  ) -> DoubleDouble {
    let pairs = query.indices.map {
      DistancePair(
        query: query[$0], key: keys.column($0)[key], reference: keys.column($0)[reference],
        bandwidth: similarity.bandwidths[$0])
    }
    switch (similarity.kernel.form, similarity.combination) {
    case (.builtIn(.gaussian), _):
      return -pairs.reduce(.zero) { $0 + $1.differenceOfSquares }.scaled(by: 0.5)
    case (_, .product):
      return pairs.reduce(.zero) { $0 + similarity.kernel.logRatio($1) }
    case (_, .radial):
      return similarity.kernel.logRatio(DistancePair(radial: pairs))
    }
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
