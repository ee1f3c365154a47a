internal import RealModule

/// The half-widths of keys with their own windows, in the form the loops read.
final class KeyWidths: Sendable {
  /// D; infinite if all keys are at one place.
  let distances: AlignedMemory
  /// ω (least D/D)ᵈ.
  let factors: AlignedMemory
  private let least: Double
  private let dimension: Int

  /// - Complexity: O(n).
  init(_ bandwidths: KeyBandwidths, _ stored: KeyColumns) {
    let count = PaddedColumns.padded(stored.keyCount)
    least = bandwidths.widths.lazy.compactMap { $0.whole?.distance }.min() ?? 1
    dimension = stored.keys.columnCount
    distances = AlignedMemory(count: count)
    factors = AlignedMemory(count: count)
    for (key, widths) in bandwidths.widths.enumerated() {
      distances.base[key] = widths.whole?.distance ?? .infinity
      factors.base[key] =
        (stored.observationWeights?.column(0)[key] ?? 1) * shrinkage(widths.whole)
    }
  }

  var logScale: Double { -Double(dimension) * .log(least) }

  /// (least D/D)ᵈ; 1 if there is no D.
  func shrinkage(_ width: NeighborWidth?) -> Double {
    width.map { .pow(least / $0.distance, dimension) } ?? 1
  }

  /// Its logarithm.
  func logShrinkage(_ width: NeighborWidth?) -> Double {
    width.map { Double(dimension) * .log(least / $0.distance) } ?? 0
  }
}
