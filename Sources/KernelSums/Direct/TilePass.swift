internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// What one thread needs to pass tiles of keys by queries: pointers into the engine's columns, room
/// for a tile of weights, and running sums.
///
/// A tile of cheap weights takes a hundred nanoseconds, so everything on that path is a constant
/// pointer: arrays would add a check of ownership or exclusivity to each access, a seventh of the
/// Gaussian's time.
final class TilePass {
  let engine: DirectEngine
  let loops: nadaraya_instruction_set

  /// One number for each key of the tile last asked about, 0 in its padding.
  let weights: UnsafeMutablePointer<Double>

  private let weighing: nadaraya_per_key?
  private let observationWeights: UnsafePointer<Double>?
  private let columnCount: Int
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
    weighing = loops.weighing(engine.similarity)
    observationWeights = engine.observationWeights?.column(0)
    columnCount = engine.columns.columnCount
    let sumCount = DirectEngine.blockLength * (columnCount + 2)
    memory = [
      AlignedMemory(count: engine.tileLength), AlignedMemory(count: sumCount),
      AlignedMemory(count: sumCount), AlignedMemory(engine.similarity.bandwidths),
      AlignedMemory(engine.inverseBandwidths),
    ]
    weights = memory[0].base
    sums = memory[1].base
    lost = memory[2].base
    bandwidths = memory[3].base
    inverseBandwidths = memory[4].base
    sharedBandwidth = engine.similarity.sharedBandwidth
    keyPointers = .allocate(capacity: engine.keys.columnCount)
    keyPointers.initialize(repeating: nil)
    columnPointers = .allocate(capacity: columnCount)
    columnPointers.initialize(repeating: nil)
  }

  deinit {
    keyPointers.deallocate()
    columnPointers.deallocate()
  }

  private var sumCount: Int { columnCount + 2 }

  /// Forgets the sums of the last block of queries.
  func start(queryCount: Int) {
    precondition(queryCount <= DirectEngine.blockLength, "a block has room for fewer queries")
    sums.update(repeating: 0, count: queryCount * sumCount)
    lost.update(repeating: 0, count: queryCount * sumCount)
  }

  /// Calls `body` for each run of keys.
  func forEachTile(_ body: (Range<Int>, TilePass) -> Void) {
    for start in stride(from: 0, to: engine.keyCount, by: engine.tileLength) {
      for input in keyPointers.indices { keyPointers[input] = engine.keys.column(input) + start }
      for column in columnPointers.indices {
        columnPointers[column] = engine.columns.column(column) + start
      }
      body(start..<min(start + engine.tileLength, engine.keyCount), self)
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
      loops.multiply(tile.count, observationWeights + tile.lowerBound, weights)
    }
    if let excluded, tile.contains(excluded) { weights[excluded - tile.lowerBound] = 0 }
  }

  /// Adds the tile's weights to the sums of a query.
  func accumulate(into slot: Int, tile: Range<Int>, squares: Bool) {
    let first = slot * sumCount
    loops.accumulate(
      tile.count, weights, columnCount, columnPointers.baseAddress, squares ? 1 : 0, sums + first,
      lost + first)
  }

  /// Writes a query's sums to its place among the results.
  func finish(_ slot: Int, squares: Bool, into results: UnsafeSums, at place: Int) {
    let first = slot * sumCount
    results.logAnchors[place] = sums[first] > 0 ? engine.logObservationScale : -.infinity
    results.weights[place] = sums[first] + lost[first]
    results.squaredWeights[place] = squares ? sums[first + 1] + lost[first + 1] : .nan
    for index in 0..<columnCount {
      results.column(index)[place] = sums[first + 2 + index] + lost[first + 2 + index]
    }
  }

  /// Fills the tile by one of the loops, with bandwidths divided by a power of two.
  func evaluate(
    _ loop: nadaraya_per_key, query: UnsafeBufferPointer<Double>, tile: Range<Int>,
    scale: Double = 1
  ) {
    var description = nadaraya_tile(
      count: tile.count, dimension: query.count, keys: keyPointers.baseAddress,
      query: query.baseAddress, bandwidths: bandwidths, inverse_bandwidths: inverseBandwidths,
      shared_bandwidth: sharedBandwidth)
    guard scale != 1 else { return loop(&description, weights) }
    engine.inverseBandwidths.map { $0 * scale }.withUnsafeBufferPointer { scaled in
      description.inverse_bandwidths = scaled.baseAddress
      loop(&description, weights)
    }
  }

  /// Fills the tile by a closure: folded over the inputs for a product, of the one distance for a
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
