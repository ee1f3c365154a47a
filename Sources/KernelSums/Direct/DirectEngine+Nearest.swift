internal import RealModule
package import SimilarityKernels
internal import _CKernelSums

/// The keys nearest to a query.
package struct NearestKeys: Sendable {
  /// ‖(q − k)/h‖ of the nearest key, in bandwidths; infinite if there is no key.
  package let distance: Double

  /// Their indices; several if keys tie exactly.
  package let keys: [Int]
}

extension NearestKeys {
  /// The nearest keys of `count` queries, empty until `body` writes them.
  static func each(
    _ count: Int, body: (UnsafeMutableBufferPointer<NearestKeys>) -> Void
  ) -> [NearestKeys] {
    var all = [NearestKeys](repeating: NearestKeys(distance: .infinity, keys: []), count: count)
    all.withUnsafeMutableBufferPointer { body($0) }
    return all
  }
}

extension DirectEngine {
  /// The nearest keys of each query, among those with an observation weight above 0.
  ///
  /// - Parameters:
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - excluded: for each query a key to leave out; nil to use all.
  ///   - execution: how the computation runs.
  /// - Complexity: O(n·m·d) on all threads.
  package func nearestKeys(
    to queries: Points, excluding excluded: [Int]? = nil, execution: Execution = Execution()
  ) -> [NearestKeys] {
    precondition(
      queries.dimension == similarity.bandwidths.count,
      "queries and keys must have the same number of inputs")
    precondition(
      excluded.map { $0.count == queries.count } ?? true,
      "exactly one key must be excluded for each query")
    return NearestKeys.each(queries.count) { results in
      nonisolated(unsafe) let results = results
      forEachQuery(of: queries, in: queries.indices, execution: execution) { index, query, pass in
        let nearest = nearestKeys(
          query: query, excluding: excluded?[index], over: pass.everyKey, pass: pass)
        results[index] = nearest
      }
    }
  }

  /// The nearest keys of some runs.
  ///
  /// Double-double decides ties among keys that a double cannot tell apart.
  func nearestKeys(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, over runs: [Range<Int>],
    pass: TilePass
  ) -> NearestKeys {
    // Squares of distances above 2⁵⁰⁰ or below 2⁻⁵⁰⁰ bandwidths leave the range of doubles.
    var scale = 1.0
    var (candidates, least) = nearCandidates(
      query: query, excluding: excluded, over: runs, scale: scale, pass: pass)
    let rescue = least < 1e-280 ? [0x1p500] : least < .infinity ? [] : [0x1p-600, 0x1p-1000]
    for other in rescue where scale == 1 || least == .infinity {
      scale = other
      (candidates, least) = nearCandidates(
        query: query, excluding: excluded, over: runs, scale: scale, pass: pass)
    }
    guard least < .infinity else { return NearestKeys(distance: .infinity, keys: []) }
    if scale < 1 {
      // No smaller than needed, so that an input with a small distance still counts.
      let exponent = Double.sqrt(least).exponent - scale.exponent
      scale = Double(sign: .plus, exponent: 480 - exponent, significand: 1)
    }
    return nearest(among: candidates, of: pass.stored, query: query, scale: scale)
  }

  /// The keys that may be the nearest, and the smallest squared distance times scale².
  private func nearCandidates(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, over runs: [Range<Int>],
    scale: Double, pass: TilePass
  ) -> (keys: [Int], least: Double) {
    var least = Double.infinity
    var candidates: [(key: Int, square: Double)] = []
    pass.forEachTile(in: runs) { tile, pass in
      pass.squaredDistances(query: query, tile: tile, excluding: excluded, scale: scale)
      let smallest = pass.loops.tiles.smallest(tile.count, pass.weights)
      guard smallest <= least * tieMargin, smallest < .infinity else { return }
      least = min(least, smallest)
      for index in 0..<tile.count where pass.weights[index] <= least * tieMargin {
        candidates.append((tile.lowerBound + index, pass.weights[index]))
      }
    }
    return (candidates.filter { $0.square <= least * tieMargin }.map(\.key), least)
  }

  /// Squared distances whose ratio is below this cannot be told apart in double precision.
  var tieMargin: Double { 1 + 16 * Double(similarity.bandwidths.count + 2) * .ulpOfOne }

  private func nearest(
    among candidates: [Int], of stored: KeyColumns, query: UnsafeBufferPointer<Double>,
    scale: Double
  ) -> NearestKeys {
    guard let first = candidates.first else { return NearestKeys(distance: .infinity, keys: []) }
    func pair(_ key: Int, _ reference: Int) -> DistancePair {
      DistancePair(
        radial: query.indices.map {
          DistancePair(
            query: query[$0], key: stored.keys.column($0)[key],
            reference: stored.keys.column($0)[reference], bandwidth: similarity.bandwidths[$0],
            scale: scale)
        })
    }
    let best = unbeaten(among: candidates, startingAt: first) { -pair($0, $1).differenceOfSquares }
    let ties = zip(candidates, best.ratios).filter { $1 == 0 }.map(\.0)
    return NearestKeys(distance: pair(best.key, best.key).key / scale, keys: ties)
  }
}
