internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// What one thread needs to pass tiles of keys by queries: pointers into the engine's columns, room
/// for a tile of weights, and running sums.
final class TilePass {
  typealias PerKey = nadaraya_per_key

  let loops: nadaraya_instruction_set
  private let engine: DirectEngine
  private let weigh: PerKey?
  private var keyPointers: [UnsafePointer<Double>?] = []
  private var columnPointers: [UnsafePointer<Double>?] = []
  private(set) var weights: [Double]
  private var sums: [Double] = []
  private var lost: [Double] = []

  init(_ engine: DirectEngine, instructions: InstructionSet) {
    self.engine = engine
    loops = instructions.loops
    weigh = loops.weighing(engine.similarity)
    weights = [Double](repeating: 0, count: DirectEngine.tileLength)
  }

  private var sumCount: Int { engine.columns.columnCount + 2 }

  func start(queryCount: Int) {
    sums = [Double](repeating: 0, count: queryCount * sumCount)
    lost = sums
  }

  /// Calls `body` for each run of keys.
  func forEachTile(_ body: (Range<Int>, TilePass) -> Void) {
    for start in stride(from: 0, to: engine.keyCount, by: DirectEngine.tileLength) {
      keyPointers = (0..<engine.keys.columnCount).map { engine.keys.column($0) + start }
      columnPointers = (0..<engine.columns.columnCount).map { engine.columns.column($0) + start }
      body(start..<min(start + DirectEngine.tileLength, engine.keyCount), self)
    }
  }

  /// The weights of a tile's keys for one query.
  func weigh(query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?) {
    if let weigh {
      evaluate(weigh, query: query, tile: tile)
    } else {
      let kernel = engine.similarity.kernel
      evaluate(query: query, tile: tile, start: 1, { $0 * kernel.profile($1) }, kernel.profile)
    }
    if let observationWeights = engine.observationWeights {
      loops.multiply(tile.count, observationWeights.column(0) + tile.lowerBound, &weights)
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = 0 }
  }

  /// Squared distances to a tile's keys, in bandwidths divided by `scale`; infinite where a key
  /// has no weight of its own.
  func squaredDistances(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?, scale: Double
  ) {
    evaluate(loops.squared_distance, query: query, tile: tile, scale: scale)
    if let observationWeights = engine.observationWeights {
      let own = observationWeights.column(0) + tile.lowerBound
      for index in 0..<tile.count where own[index] == 0 { weights[index] = .infinity }
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = .infinity }
  }

  private func evaluate(
    _ function: PerKey, query: UnsafeBufferPointer<Double>, tile: Range<Int>, scale: Double = 1
  ) {
    let inverses =
      scale == 1 ? engine.inverseBandwidths : engine.inverseBandwidths.map { $0 * scale }
    engine.similarity.bandwidths.withUnsafeBufferPointer { bandwidths in
      inverses.withUnsafeBufferPointer { inverses in
        keyPointers.withUnsafeBufferPointer { keys in
          var description = nadaraya_tile(
            count: tile.count, dimension: query.count, keys: keys.baseAddress,
            query: query.baseAddress, bandwidths: bandwidths.baseAddress,
            inverse_bandwidths: inverses.baseAddress)
          function(&description, &weights)
        }
      }
    }
  }

  /// Fills the tile by a closure: folded over the inputs for a product, of the one distance for a
  /// radial similarity.
  private func evaluate(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, start: Double,
    _ next: (Double, Double) -> Double, _ ofDistance: (Double) -> Double
  ) {
    let inverses = engine.inverseBandwidths
    let columns = keyPointers.compactMap { $0 }
    for index in 0..<tile.count {
      if engine.similarity.combination == .product {
        weights[index] = query.indices.reduce(start) {
          next($0, (query[$1] - columns[$1][index]) * inverses[$1])
        }
      } else {
        weights[index] = ofDistance(
          query.indices.reduce(0) {
            .hypot($0, (query[$1] - columns[$1][index]) * inverses[$1])
          })
      }
    }
    for index in tile.count..<PaddedColumns.padded(tile.count) { weights[index] = 0 }
  }

  /// −ln of the weights of a tile's keys for one query, too large by no more than `slack`; infinite
  /// where a key has no weight.
  func losses(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?
  ) {
    if let (function, _) = loops.losing(engine.similarity) {
      evaluate(function, query: query, tile: tile)
    } else {
      let kernel = engine.similarity.kernel
      evaluate(
        query: query, tile: tile, start: 0, { $0 - (kernel.logProfile($1) ?? -.infinity) },
        { -(kernel.logProfile($0) ?? -.infinity) })
    }
    if let logs = engine.logObservationWeights {
      for index in 0..<tile.count { weights[index] -= logs[tile.lowerBound + index] }
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = .infinity }
  }

  var slack: Double { loops.losing(engine.similarity)?.slack ?? 0 }

  /// Adds the tile's weights to the sums of a query.
  func accumulate(into slot: Int, tile: Range<Int>, squares: Bool) {
    let first = slot * sumCount
    sums.withUnsafeMutableBufferPointer { sums in
      lost.withUnsafeMutableBufferPointer { lost in
        guard let sums = sums.baseAddress, let lost = lost.baseAddress else { return }
        loops.accumulate(
          tile.count, weights, columnPointers.count, columnPointers, squares ? 1 : 0,
          sums + first, lost + first)
      }
    }
  }

  /// Writes a query's sums in the layout of ``AnchoredSums``.
  func finish(_ slot: Int, squares: Bool, into entry: UnsafeMutableBufferPointer<Double>) {
    let first = slot * sumCount
    entry[0] = sums[first] > 0 ? engine.logObservationScale : -.infinity
    for index in 0..<sumCount { entry[index + 1] = sums[first + index] + lost[first + index] }
    if !squares { entry[2] = .nan }
  }
}

extension nadaraya_instruction_set {
  /// The loop for −ln of a similarity and by how much it is too large at most; nil where there is
  /// none.
  func losing(_ similarity: Similarity) -> (function: nadaraya_per_key, slack: Double)? {
    let distance: nadaraya_per_key =
      similarity.combination == .product ? absolute_distance : self.distance
    // −ln of the logistic is |u| − ln 4 + 2 ln(1 + exp(−|u|)).
    let inputs = similarity.combination == .product ? similarity.bandwidths.count : 1
    return switch similarity.kernel.form {
    case .builtIn(.gaussian): (half_squared_distance, 0)
    case .builtIn(.laplacian): (distance, 0)
    case .builtIn(.logistic): (distance, Double(inputs) * .log(4))
    default: nil
    }
  }

  /// The loop for a similarity; nil for a closure.
  func weighing(_ similarity: Similarity) -> nadaraya_per_key? {
    guard case .builtIn(let kernel) = similarity.kernel.form else { return nil }
    return withUnsafeBytes(of: similarity.combination == .product ? product : radial) {
      $0.bindMemory(to: nadaraya_per_key?.self)[kernel.rawValue]
    }
  }
}
