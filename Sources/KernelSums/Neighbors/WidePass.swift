internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// What one thread needs to weigh keys that have bandwidths of their own.
///
/// A tile's differences to the query, each over its key's bandwidth, are keys of their own to a query
/// at 0 with bandwidth 1, which the direct engine's loops weigh.
final class WidePass {
  private let engine: NeighborEngine
  private let bandwidths: KeyBandwidths
  private let loops: nadaraya_instruction_set
  private let weighing: nadaraya_per_key?
  private let stored: KeyColumns
  private let similarity: Similarity
  private let dimension: Int
  /// ω/Dᵈ over its largest; 0 where there is no D.
  private let factors: AlignedMemory
  private let logScale: Double
  private let scaled: AlignedMemory
  private let weights: AlignedMemory
  private let zeros: AlignedMemory
  private let ones: AlignedMemory

  private static let tileLength = 512

  init(_ engine: NeighborEngine, _ bandwidths: KeyBandwidths, _ instructions: InstructionSet) {
    self.engine = engine
    self.bandwidths = bandwidths
    loops = instructions.loops
    stored = engine.problem.orders.given(engine.problem)
    dimension = engine.problem.keys.dimension
    similarity = Similarity(
      kernel: engine.problem.similarity.kernel,
      bandwidths: [Double](repeating: 1, count: dimension),
      combination: engine.problem.similarity.combination)
    weighing = loops.weighing(similarity)
    let count = stored.keyCount
    let least = bandwidths.widths.filter { $0 > 0 }.min() ?? 1
    logScale = stored.logObservationScale - Double(dimension) * .log(least)
    factors = AlignedMemory(count: PaddedColumns.padded(count))
    scaled = AlignedMemory(count: Self.tileLength * dimension)
    weights = AlignedMemory(count: Self.tileLength)
    zeros = AlignedMemory(count: dimension)
    ones = AlignedMemory([Double](repeating: 1, count: dimension))
    self.least = least
    for key in 0..<count { factors.base[key] = factor(key, bandwidths.widths[key]) }
  }

  private let least: Double

  private func factor(_ key: Int, _ width: Double) -> Double {
    guard width > 0 else { return 0 }
    return (stored.observationWeights?.column(0)[key] ?? 1) * .pow(least / width, dimension)
  }

  /// (q − k)/(s D) in one input.
  private func scaled(_ input: Int, _ key: Int, _ width: Double, _ query: Double) -> Double {
    // Without a bandwidth the weight is 0 by its factor.
    guard width > 0 else { return 0 }
    let unit = dimension == 1 ? width : width * engine.problem.similarity.bandwidths[input]
    let place = (query - stored.keys.column(input)[key]) / unit
    // The loops want finite numbers, whose squares they add.
    return max(min(place, 1e150), -1e150)
  }

  /// Fills `weights` for the keys of a tile.
  private func weigh(
    _ tile: Range<Int>, query: UnsafeBufferPointer<Double>, excluding excluded: Int?
  ) {
    for input in 0..<dimension {
      let place = scaled.base + input * Self.tileLength
      for key in tile {
        place[key - tile.lowerBound] = scaled(input, key, bandwidths.widths[key], query[input])
      }
    }
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
      for slot in 0..<tile.count {
        weights.base[slot] = similarity.weight(
          query: [Double](repeating: 0, count: dimension), key: place(slot))
      }
      for slot in tile.count..<PaddedColumns.padded(tile.count) { weights.base[slot] = 0 }
    }
    loops.multiply(tile.count, factors.base + tile.lowerBound, weights.base)
    guard let excluded else { return }
    for dependent in bandwidths.dependents[excluded] where tile.contains(Int(dependent)) {
      let key = Int(dependent)
      let width = bandwidths.widthsWithoutOne[key]
      weights.base[key - tile.lowerBound] =
        factor(key, width)
        * similarity.weight(
          query: [Double](repeating: 0, count: dimension),
          key: (0..<dimension).map { scaled($0, key, width, query[$0]) })
    }
    if tile.contains(excluded) { weights.base[excluded - tile.lowerBound] = 0 }
  }

  private func place(_ slot: Int) -> [Double] {
    (0..<dimension).map { scaled.base[$0 * Self.tileLength + slot] }
  }

  private var tiles: some Sequence<Range<Int>> {
    stride(from: 0, to: stored.keyCount, by: Self.tileLength).lazy.map { [stored] in
      $0..<min($0 + Self.tileLength, stored.keyCount)
    }
  }

  /// Writes the sums of a query.
  func sums(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, squares: Bool,
    into results: UnsafeSums, at slot: Int
  ) {
    let columnCount = stored.columns.columnCount
    var sums = [Double](repeating: 0, count: columnCount + 2)
    var lost = sums
    for tile in tiles {
      weigh(tile, query: query, excluding: excluded)
      let columns = (0..<columnCount).map {
        UnsafePointer<Double>?(stored.columns.column($0) + tile.lowerBound)
      }
      columns.withUnsafeBufferPointer {
        loops.accumulate(
          tile.count, weights.base, columnCount, $0.baseAddress, squares ? 1 : 0, &sums, &lost)
      }
    }
    if !(sums[0] >= DirectEngine.anchoringThreshold) {
      return anchored(
        query: query, excluding: excluded, squares: squares, into: results, at: slot)
    }
    results.logAnchors[slot] = logScale
    results.weights[slot] = sums[0] + lost[0]
    results.squaredWeights[slot] = squares ? sums[1] + lost[1] : .nan
    for column in 0..<columnCount {
      results.column(column)[slot] = sums[2 + column] + lost[2 + column]
    }
  }

  /// ln of the weights of all keys for a query, over the scale.
  private func logWeights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?
  ) -> [Double] {
    var widths = bandwidths.widths
    if let excluded {
      for dependent in bandwidths.dependents[excluded] {
        widths[Int(dependent)] = bandwidths.widthsWithoutOne[Int(dependent)]
      }
      widths[excluded] = 0
    }
    let origin = [Double](repeating: 0, count: dimension)
    return widths.indices.map { key in
      let width = widths[key]
      guard width > 0 else { return -.infinity }
      let weight = similarity.logWeight(
        query: origin, key: (0..<dimension).map { scaled($0, key, width, query[$0]) })
      return (weight ?? -.infinity) + (stored.logObservationWeights?[key] ?? 0)
        + Double(dimension) * .log(least / width)
    }
  }

  private func anchored(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?, squares: Bool,
    into results: UnsafeSums, at slot: Int
  ) {
    let logs = logWeights(query: query, excluding: excluded)
    guard let anchor = logs.max(), anchor > -.infinity else { return results.clear(slot) }
    let weights = logs.map { Double.exp($0 - anchor) }
    results.logAnchors[slot] = anchor + logScale
    results.weights[slot] = weights.reduce(0, +)
    results.squaredWeights[slot] = squares ? weights.reduce(0) { $0 + $1 * $1 } : .nan
    for index in 0..<stored.columns.columnCount {
      let column = stored.columns.column(index)
      results.column(index)[slot] = weights.indices.reduce(0) { $0 + weights[$1] * column[$1] }
    }
  }

  /// Writes the weights of all keys over their sum; zeros where no key supports the query.
  func weights(
    query: UnsafeBufferPointer<Double>, excluding excluded: Int?,
    into row: UnsafeMutableBufferPointer<Double>
  ) {
    var sum = 0.0
    for tile in tiles {
      weigh(tile, query: query, excluding: excluded)
      for key in tile {
        row[key] = weights.base[key - tile.lowerBound]
        sum += row[key]
      }
    }
    if !(sum >= DirectEngine.anchoringThreshold) {
      let logs = logWeights(query: query, excluding: excluded)
      guard let anchor = logs.max(), anchor > -.infinity else {
        for key in row.indices { row[key] = 0 }
        return
      }
      sum = 0
      for key in row.indices {
        row[key] = .exp(logs[key] - anchor)
        sum += row[key]
      }
    }
    for key in row.indices { row[key] /= sum }
  }
}
