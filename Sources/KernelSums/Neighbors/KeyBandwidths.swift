internal import SimilarityKernels

/// The distance D of each key, with and without any other key.
///
/// Key i matters to D of key j only where it alone lies at one of the K + 1 nearest distances of j; D
/// is then the next distance. Those pairs are kept, n·(K + 1) of them at most, so that leaving a row
/// out is as exact as a refit.
final class KeyBandwidths: Sendable {
  /// D of each key, 0 where there are too few distances.
  let widths: [Double]

  /// D of each key without one that matters to it; 0 where there are too few distances.
  let widthsWithoutOne: [Double]

  /// For each key those to whose D it matters.
  let dependents: [[Int32]]

  /// - Complexity: O(n·(log n + K)) in one input, O(n²·d) in several, on all threads.
  init(_ search: NeighborSearch, keys: Points, count: Int, execution: Execution) {
    let found = keys.coordinates.withUnsafeBufferPointer { coordinates in
      execution.map(keys.count) { key in
        search.nearest(count + 2, to: coordinates.row(key, keys.dimension), excluding: nil)
      }
    }
    func width(_ found: NeighborSearch.Found, _ place: Int) -> Double {
      found.distances.indices.contains(place)
        ? NeighborEngine.inward(found.distances[place], dimension: keys.dimension) : 0
    }
    widths = found.map { width($0, count) }
    widthsWithoutOne = found.map { width($0, count + 1) }
    var dependents = [[Int32]](repeating: [], count: keys.count)
    for (key, found) in found.enumerated() {
      for other in found.onlyKeys.prefix(count + 1) where other >= 0 {
        dependents[Int(other)].append(Int32(key))
      }
    }
    self.dependents = dependents
  }
}
