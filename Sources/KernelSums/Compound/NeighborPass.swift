internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The state one thread needs to weigh keys in windows whose edges are keys: one window for all keys of
/// a query, or one around each key.
///
/// A tile's differences to the query, each divided by its window's half-width, are passed to the direct
/// engine's loops as keys for a query at 0 with bandwidth 1. `NeighborEdge` reweighs those near an
/// edge.
final class NeighborPass {
  /// A query, with the place of the left-out key among the stored keys, and the window of all keys if
  /// they share one.
  struct Asked {
    let query: UnsafeBufferPointer<Double>
    let excluded: Int?
    let window: NeighborWidth?
  }

  static let tileLength = 512

  let stored: KeyColumns
  let weights: AlignedMemory
  let loops: nadaraya_tile_loops
  let unit: Similarity
  let bandwidths: KeyBandwidths?
  let dimension: Int
  let isCompact: Bool
  let edge: NeighborEdge
  /// How much smaller logarithms of weights are than those of the problem.
  let logScale: Double
  let keys: Points
  private let weighing: nadaraya_per_key?
  private let scaled: AlignedMemory
  private let zeros: AlignedMemory
  private let ones: AlignedMemory
  let keyWidths: KeyWidths?

  init(_ engine: NeighborEngine, _ instructions: InstructionSet) {
    keys = engine.problem.keys
    bandwidths = engine.keyBandwidths
    stored = bandwidths == nil ? engine.tree.columns : engine.problem.orders.given(engine.problem)
    loops = instructions.loops.tiles
    dimension = keys.dimension
    unit = Similarity(
      engine.problem.similarity.kernel,
      bandwidths: [Double](repeating: 1, count: dimension),
      combination: engine.problem.similarity.combination)
    weighing = loops.weighing(unit)
    edge = NeighborEdge(unit, scales: engine.search.scales)
    isCompact = unit.kernel.isCompact
    scaled = AlignedMemory(count: Self.tileLength * dimension)
    weights = AlignedMemory(count: Self.tileLength)
    zeros = AlignedMemory(count: dimension)
    ones = AlignedMemory([Double](repeating: 1, count: dimension))
    keyWidths = engine.keyWidths
    logScale = stored.logObservationScale + (keyWidths?.logScale ?? 0)
  }

  /// Calls `body` for each tile of some runs of keys, its weights in `weights`.
  func forEachTile(in runs: [Range<Int>], _ asked: Asked, _ body: (Range<Int>) -> Void) {
    for run in runs {
      for start in stride(from: run.lowerBound, to: run.upperBound, by: Self.tileLength) {
        let tile = start..<min(start + Self.tileLength, run.upperBound)
        weigh(tile, asked)
        body(tile)
      }
    }
  }

  /// (q − k)/(s D) for the keys of a tile; 0 if all keys are at one place and there is no D.
  private func scale(_ tile: Range<Int>, _ asked: Asked) {
    for input in 0..<dimension {
      let place = scaled.base + input * Self.tileLength
      let column = stored.keys.column(input) + tile.lowerBound
      let (query, unit) = (asked.query[input], edge.scales[input])
      let widths = keyWidths.map { UnsafePointer($0.distances.base) + tile.lowerBound }
      let shared = asked.window?.distance ?? .infinity
      for slot in 0..<tile.count {
        let ratio = (query - column[slot]) / unit / (widths?[slot] ?? shared)
        // The loops add squares, so the numbers must be finite.
        place[slot] = max(min(ratio, 1e150), -1e150)
      }
    }
  }

  /// A key's differences as computed by `scale`.
  func places(_ slot: Int) -> [Double] {
    (0..<dimension).map { scaled.base[$0 * Self.tileLength + slot] }
  }

  private func weigh(_ tile: Range<Int>, _ asked: Asked) {
    scale(tile, asked)
    if let weighing {
      let keys = (0..<dimension).map {
        UnsafePointer<Double>?(UnsafePointer(scaled.base + $0 * Self.tileLength))
      }
      keys.withUnsafeBufferPointer { keys in
        var description = nadaraya_tile(
          count: tile.count, dimension: dimension, keys: keys.baseAddress, query: zeros.base,
          bandwidths: ones.base, inverse_bandwidths: ones.base, shared_bandwidth: 1)
        weighing(&description, weights.base)
      }
    } else {
      for slot in 0..<tile.count { weights.base[slot] = weight(places(slot)) }
      for slot in tile.count..<PaddedColumns.padded(tile.count) { weights.base[slot] = 0 }
    }
    if isCompact {
      for slot in 0..<tile.count where isNearEdge(slot) {
        weights.base[slot] = edgeWeight(
          asked, tile.lowerBound + slot, width(of: tile.lowerBound + slot, asked))
      }
    }
    let own = keyWidths.map { UnsafePointer($0.factors.base) }
    if let factors = own ?? stored.observationWeights?.column(0) {
      loops.multiply(tile.count, factors + tile.lowerBound, weights.base)
    }
    guard let excluded = asked.excluded else { return }
    if bandwidths != nil { leaveOut(excluded, tile, asked) }
    if tile.contains(excluded) { weights.base[excluded - tile.lowerBound] = 0 }
  }

  /// The weight at a place in units of its window.
  func weight(_ place: [Double]) -> Double {
    unit.weight(query: [Double](repeating: 0, count: dimension), key: place)
  }

  /// ‖u‖² of a key.
  func square(_ slot: Int) -> Double {
    var square = 0.0
    for input in 0..<dimension {
      let u = scaled.base[input * Self.tileLength + slot]
      square += u * u
    }
    return square
  }

  /// Whether a factor of a compact kernel's weight, and none outside its window, is near an edge.
  private func isNearEdge(_ slot: Int) -> Bool {
    var largest = 0.0
    for input in 0..<dimension {
      let u = scaled.base[input * Self.tileLength + slot]
      largest = edge.isProduct ? max(largest, u * u) : largest + u * u
    }
    return abs(largest - 1) < 0x1p-6
  }
}
