internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The state one thread needs to process tiles of keys: pointers into the engine's columns, room for a
/// tile of weights, and running sums.
///
/// A tile of cheap weights takes a hundred nanoseconds, so everything on that path is a constant
/// pointer: arrays would add an ownership or exclusivity check to each access, a seventh of the
/// Gaussian's time.
final class TilePass {
  let engine: DirectEngine
  let loops: nadaraya_instruction_set
  let stored: KeyColumns

  /// One number for each key of the last tile computed, 0 in its padding.
  let weights: UnsafeMutablePointer<Double>

  private let weighing: nadaraya_per_key?
  let observationWeights: UnsafePointer<Double>?
  private let columnCount: Int
  /// Σw and Σw², then one for each column of the results.
  private let sumCount: Int
  private let moments: TileMoments?
  private let sums: UnsafeMutablePointer<Double>
  private let lost: UnsafeMutablePointer<Double>
  private let bandwidths: UnsafeMutablePointer<Double>
  private let inverseBandwidths: UnsafeMutablePointer<Double>
  private let sharedBandwidth: Double
  private let keyPointers: UnsafeMutableBufferPointer<UnsafePointer<Double>?>
  private let columnPointers: UnsafeMutableBufferPointer<UnsafePointer<Double>?>
  private let memory: [AlignedMemory]

  init(_ engine: DirectEngine, instructions: InstructionSet) {
    self.engine = engine
    loops = instructions.loops
    stored = engine.stored
    weighing = loops.tiles.weighing(engine.similarity)
    observationWeights = stored.observationWeights?.column(0)
    columnCount = stored.columns.columnCount
    moments =
      engine.degree == 0
      ? nil
      : TileMoments(
        degree: engine.degree, dimension: stored.keys.columnCount, columnCount: columnCount,
        loops: loops.nodes)
    sumCount = 2 + (moments?.count ?? columnCount)
    let roomForSums = DirectEngine.blockLength * sumCount
    memory = [
      AlignedMemory(count: engine.tileLength), AlignedMemory(count: roomForSums),
      AlignedMemory(count: roomForSums), AlignedMemory(engine.similarity.bandwidths),
      AlignedMemory(engine.inverseBandwidths),
    ]
    weights = memory[0].base
    sums = memory[1].base
    lost = memory[2].base
    bandwidths = memory[3].base
    inverseBandwidths = memory[4].base
    sharedBandwidth = engine.similarity.sharedBandwidth
    keyPointers = .allocate(capacity: stored.keys.columnCount)
    keyPointers.initialize(repeating: nil)
    columnPointers = .allocate(capacity: columnCount)
    columnPointers.initialize(repeating: nil)
  }

  deinit {
    keyPointers.deallocate()
    columnPointers.deallocate()
  }

  /// Clears the sums of the last block of queries.
  func start(queryCount: Int) {
    precondition(queryCount <= DirectEngine.blockLength, "a block has no room for so many queries")
    sums.update(repeating: 0, count: queryCount * sumCount)
    lost.update(repeating: 0, count: queryCount * sumCount)
  }

  /// The single run that contains all keys.
  var everyKey: [Range<Int>] { [0..<stored.keyCount] }

  /// Calls `body` for each tile of some runs of keys.
  func forEachTile(in runs: [Range<Int>], _ body: (Range<Int>, TilePass) -> Void) {
    for run in runs {
      for start in stride(from: run.lowerBound, to: run.upperBound, by: engine.tileLength) {
        moveTo(start)
        body(start..<min(start + engine.tileLength, run.upperBound), self)
      }
    }
  }

  /// Makes the tile that starts at a place the current one.
  func moveTo(_ start: Int) {
    for input in keyPointers.indices { keyPointers[input] = stored.keys.column(input) + start }
    for column in columnPointers.indices {
      columnPointers[column] = stored.columns.column(column) + start
    }
  }

  /// The weights of a tile's keys for one query.
  func weigh(query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?) {
    if let weighing {
      evaluate(weighing, query: query, tile: tile)
    } else {
      let kernel = engine.similarity.kernel
      evaluate(query: query, tile: tile, start: 1, { $0 * kernel.profile($1) }, kernel.profile)
    }
    if let observationWeights {
      loops.tiles.multiply(tile.count, observationWeights + tile.lowerBound, weights)
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = 0 }
    if engine.isCausal { giveLater(0, query, tile) }
  }

  /// The Gaussian weights of a tile's keys for one query relative to a reference key's, in one input.
  func weigh(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, excluding excluded: Int?,
    beside reference: Double
  ) {
    var description = description(of: tile, query: query)
    loops.tiles.gaussian_beside(&description, reference, weights)
    if let observationWeights {
      loops.tiles.multiply(tile.count, observationWeights + tile.lowerBound, weights)
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = 0 }
    if engine.isCausal { giveLater(0, query, tile) }
  }

  /// Replaces the weights of keys later than a query by a number.
  func giveLater(_ number: Double, _ query: UnsafeBufferPointer<Double>, _ tile: Range<Int>) {
    guard let times = keyPointers[0] else { return }
    let time = query[0]
    for index in 0..<tile.count { weights[index] = times[index] > time ? number : weights[index] }
  }

  /// Clears the sums of one query.
  func restart(_ slot: Int) {
    sums.advanced(by: slot * sumCount).update(repeating: 0, count: sumCount)
    lost.advanced(by: slot * sumCount).update(repeating: 0, count: sumCount)
  }

  /// Adds the tile's weights to the sums of a query.
  func accumulate(
    into slot: Int, query: UnsafeBufferPointer<Double>, tile: Range<Int>, squares: Bool
  ) {
    let first = slot * sumCount
    loops.tiles.accumulate(
      tile.count, weights, moments == nil ? columnCount : 0, columnPointers.baseAddress,
      squares ? 1 : 0, sums + first, lost + first)
    moments?.add(
      description(of: tile, query: query), weights: weights, columns: columnPointers,
      to: sums + first + 2, lost: lost + first + 2)
  }

  /// The tile's part of how a local polynomial changes with the bandwidths; see `bandwidth_slopes`.
  ///
  /// - Parameter column: nil for zeros.
  func slopes(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, _ features: nadaraya_features,
    outer: UnsafePointer<Double>, inner: UnsafePointer<Double>, column: Int?,
    terms: UnsafeMutablePointer<Double>, into result: UnsafeMutablePointer<Double>
  ) {
    var description = description(of: tile, query: query)
    var features = features
    loops.nodes.bandwidth_slopes(
      &description, &features, weights, outer, inner, column.flatMap { columnPointers[$0] }, terms,
      result)
  }

  /// Adds the tile's weights to the caller's lanes; see `take_keys`.
  func accumulate(tile: Range<Int>, squares: Bool, lanes: UnsafeMutablePointer<Double>) {
    loops.nodes.take_keys(
      tile.count, weights, columnCount, columnPointers.baseAddress, squares ? 1 : 0, lanes)
  }

  /// Adds lanes, NADARAYA_PADDING for Σw, for the sum of each column and for Σw², to the sums of a
  /// query, and clears them.
  func add(_ lanes: UnsafeMutablePointer<Double>, to slot: Int) {
    let padding = Int(NADARAYA_PADDING)
    for index in 0..<sumCount {
      let start = lanes + index * padding
      var total = 0.0
      for lane in 0..<padding {
        total += start[lane]
        start[lane] = 0
      }
      let place = slot * sumCount + (index == 0 ? 0 : index == sumCount - 1 ? 1 : index + 1)
      CompensatedSum.add(total, to: &sums[place], lost: &lost[place])
    }
  }

  /// Writes a query's sums to its place among the results.
  func finish(_ slot: Int, squares: Bool, into results: UnsafeSums, at place: Int) {
    let first = slot * sumCount
    results.logAnchors[place] = sums[first] > 0 ? stored.logObservationScale : -.infinity
    results.weights[place] = sums[first] + lost[first]
    results.squaredWeights[place] = squares ? sums[first + 1] + lost[first + 1] : .nan
    for index in 0..<sumCount - 2 {
      results.column(index)[place] = sums[first + 2 + index] + lost[first + 2 + index]
    }
  }

  /// Fills the tile with one of the loops, with bandwidths divided by a power of two.
  func evaluate(
    _ loop: nadaraya_per_key, query: UnsafeBufferPointer<Double>, tile: Range<Int>,
    scale: Double = 1
  ) {
    var description = description(of: tile, query: query)
    guard scale != 1 else { return loop(&description, weights) }
    engine.inverseBandwidths.map { $0 * scale }.withUnsafeBufferPointer { scaled in
      description.inverse_bandwidths = scaled.baseAddress
      loop(&description, weights)
    }
  }

  func description(
    of tile: Range<Int>, query: UnsafeBufferPointer<Double>
  ) -> nadaraya_tile {
    nadaraya_tile(
      count: tile.count, dimension: query.count, keys: keyPointers.baseAddress,
      query: query.baseAddress, bandwidths: bandwidths, inverse_bandwidths: inverseBandwidths,
      shared_bandwidth: sharedBandwidth)
  }

  /// Fills the tile with a closure, applied to each input for a product, or to the distance for a
  /// radial similarity.
  func evaluate(
    query: UnsafeBufferPointer<Double>, tile: Range<Int>, start: Double,
    _ next: (Double, Double) -> Double, _ ofDistance: (Double) -> Double
  ) {
    func scaled(_ input: Int, _ index: Int) -> Double {
      (query[input] - (keyPointers[input]?[index] ?? .nan)) * inverseBandwidths[input]
    }
    let isProduct = engine.similarity.isProduct
    for index in 0..<tile.count {
      weights[index] =
        isProduct
        ? query.indices.reduce(start) { next($0, scaled($1, index)) }
        : ofDistance(query.indices.reduce(0) { .hypot($0, scaled($1, index)) })
    }
    for index in tile.count..<PaddedColumns.padded(tile.count) { weights[index] = 0 }
  }
}
