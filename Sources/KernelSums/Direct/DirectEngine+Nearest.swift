internal import RealModule
public import SimilarityKernels
internal import _CKernelSums

/// The keys nearest to a query.
public struct NearestKeys: Sendable {
  /// ‖(q − k)/h‖ of the nearest key, in bandwidths; infinite where there is no key.
  public let distance: Double

  /// Their indices; several where keys tie exactly.
  public let keys: [Int]
}

extension DirectEngine {
  /// The nearest keys of each query, among those with an observation weight above 0.
  ///
  /// - Complexity: O(n·m·d).
  public func nearestKeys(
    to queries: Points, omission: Omission = .none, execution: Execution = Execution()
  ) -> [NearestKeys] {
    precondition(queries.dimension == keys.columnCount, "queries and keys differ in inputs")
    return [NearestKeys](unsafeUninitializedCapacity: queries.count) { results, used in
      queries.coordinates.withUnsafeBufferPointer { coordinates in
        execution.forEachBlock(
          of: queries.count, atMost: Self.blockLength,
          scratch: { TilePass(self, instructions: execution.instructions) }
        ) { block, pass in
          for query in block {
            let nearest = nearestKeys(
              query: coordinates.row(query, keys.columnCount),
              excluding: omission == .own ? query : nil, pass: pass)
            results.initializeElement(at: query, to: nearest)
          }
        }
      }
      used = queries.count
    }
  }

  /// The nearest keys of one query, shape `[d]`, among all but the excluded one.
  ///
  /// - Complexity: O(n·d).
  public func nearestKeys(toQuery query: [Double], excluding excluded: Int?) -> NearestKeys {
    precondition(query.count == keys.columnCount, "query and keys differ in inputs")
    return query.withUnsafeBufferPointer {
      nearestKeys(query: $0, excluding: excluded, pass: nil)
    }
  }

  /// Ties are decided in double-double among the keys that a double cannot tell apart.
  func nearestKeys(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, pass: TilePass?
  ) -> NearestKeys {
    let pass = pass ?? TilePass(self, instructions: .best)
    // Squares of distances above 2⁵⁰⁰ bandwidths leave the range of doubles.
    for scale in [1, 0x1p-600] {
      var least = Double.infinity
      var candidates: [(key: Int, square: Double)] = []
      pass.forEachTile { tile, pass in
        pass.squaredDistances(query: query, tile: tile, excluding: excluded, scale: scale)
        let smallest = pass.loops.smallest(tile.count, pass.weights)
        guard smallest <= least * tieMargin, smallest < .infinity else { return }
        least = min(least, smallest)
        for index in 0..<tile.count where pass.weights[index] <= least * tieMargin {
          candidates.append((tile.lowerBound + index, pass.weights[index]))
        }
      }
      guard least < .infinity else { continue }
      // No smaller than needed, so that an input in which the distance is small still counts.
      let exponent = Double.sqrt(least).exponent - scale.exponent
      return nearest(
        among: candidates.filter { $0.square <= least * tieMargin }.map(\.key), query: query,
        scale: scale == 1 ? 1 : Double(sign: .plus, exponent: 480 - exponent, significand: 1))
    }
    return NearestKeys(distance: .infinity, keys: [])
  }

  private var tieMargin: Double { 1 + 16 * Double(keys.columnCount + 2) * .ulpOfOne }

  private func nearest(
    among candidates: [Int], query: UnsafeBufferPointer<Double>, scale: Double
  ) -> NearestKeys {
    guard let first = candidates.first else { return NearestKeys(distance: .infinity, keys: []) }
    func pair(_ key: Int, _ reference: Int) -> DistancePair {
      DistancePair(
        radial: query.indices.map {
          DistancePair(
            query: query[$0], key: keys.column($0)[key], reference: keys.column($0)[reference],
            bandwidth: similarity.bandwidths[$0], scale: scale)
        })
    }
    let best = unbeaten(among: candidates, startingAt: first) { -pair($0, $1).differenceOfSquares }
    let ties = zip(candidates, best.ratios).filter { $1 == 0 }.map(\.0)
    return NearestKeys(distance: pair(best.key, best.key).key / scale, keys: ties)
  }
}
