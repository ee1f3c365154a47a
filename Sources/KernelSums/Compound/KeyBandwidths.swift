internal import SimilarityKernels

/// The distance D of each key, with and without any other key.
///
/// Without a key i that is within D(j) of key j, the next neighbour is used, so leaving a row out is as
/// exact as a refit.
final class KeyBandwidths: Sendable {
  /// D of a key, with and without another key.
  struct Widths: Sendable {
    /// nil if all keys are at the same place.
    var whole: NeighborWidth?

    /// Without a key that matters; nil if no key is left elsewhere.
    var reduced: NeighborWidth?

    /// Whether only a key at the distance D matters, because D is the distance of the farthest key.
    var isLast = false

    /// Whether copies of the key matter.
    var countsCopies = true
  }

  let widths: [Widths]

  /// - Complexity: O(n·log n) in one input, O(n²·d) in several, on all threads.
  init(_ search: NeighborSearch, count: Int, execution: Execution) {
    let keys = search.keys
    widths = keys.coordinates.withUnsafeBufferPointer { coordinates in
      execution.map(keys.count) { key in
        Self.widths(
          of: key, at: coordinates.row(key, keys.dimension), count: count, search: search)
      }
    }
  }

  private static func widths(
    of key: Int, at place: UnsafeBufferPointer<Double>, count: Int, search: NeighborSearch
  ) -> Widths {
    let others = search.available(excluding: key)
    guard others > 0 else { return Widths() }
    func found(_ rank: Int) -> [NeighborWidth] {
      search.widths(
        rank < others ? [rank, rank + 1] : [rank, max(rank - 1, 1)], from: place, excluding: key)
    }
    var rank = min(count, others)
    var widths = found(rank)
    var result = Widths()
    if widths[0].distance == 0 {
      let copies = search.keys(at: place, excluding: key).count
      guard copies < others else { return Widths() }
      rank = copies + 1
      widths = found(rank)
      result.countsCopies = false
    }
    result.whole = widths[0]
    result.isLast = rank == others
    result.reduced = widths[1].distance > 0 && (rank > 1 || !result.isLast) ? widths[1] : nil
    return result
  }
}
