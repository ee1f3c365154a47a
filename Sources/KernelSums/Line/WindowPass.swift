internal import SimilarityKernels
internal import _CKernelSums

/// The state one thread needs to sum windows: the engine's arrays as constant pointers, running sums,
/// and the last query's window.
final class WindowPass: SortedPass {
  let engine: PiecewiseEngine
  let loops: nadaraya_instruction_set
  let results: UnsafeSums

  /// Σwc of each column for each query.
  let columns: [UnsafeMutablePointer<Double>]

  // MARK: The keys

  let blocks: KeyBlocks
  let keys: UnsafePointer<Double>
  let blockCount: Int
  let blockLength: Int
  let bandwidth: Double
  let inverseBandwidth: Double

  /// The number of blocks that can lie inside a window, which excludes a last one that is not full.
  let fullBlocks: Int

  /// False only for the constant kernel.
  let isBounded: Bool

  let moments: CellMoments
  let squaredMoments: CellMoments?
  let blockSums: nadaraya_block_sums
  let description: UnsafeMutablePointer<nadaraya_blocks>

  /// The blocks without weights and columns: the boxcar counts their keys.
  let counting: UnsafeMutablePointer<nadaraya_blocks>

  // MARK: The last query's window

  /// The blocks wholly inside; the adjacent blocks can contain more of its keys.
  var inside: Range<Int> = 0..<0

  /// Whether the block before is the only one that the window touches.
  var isWithinOneBlock = false

  /// The first block that reaches beyond the query, if computed.
  var kink = 0

  // MARK: Its sums

  /// Partial sums of Σw, Σwc …, Σw², in the layout of the loops.
  let partial: UnsafeMutablePointer<Double>
  let partialCount: Int

  /// Σω|c| over the pieces given by moments, sum by sum as in `partial`.
  let masses: UnsafeMutablePointer<Double>

  /// The largest |x| + |t| in those pieces, which with the masses bounds all terms; separate for Σw².
  var reach = 0.0
  var squareReach = 0.0

  /// Whether the key to leave out was skipped; otherwise it must be subtracted.
  var ownWasVisited = false

  /// Room for sums over tiles, their rounding errors, and a tile of weights.
  let scratch: UnsafeMutablePointer<Double>
  let columnPointers: UnsafeMutablePointer<UnsafePointer<Double>?>

  /// The sums of moments about the query; nil if none are requested.
  let local: WindowMoments?

  /// Nil where queries are summed one by one.
  let groups: WindowGroups?

  private let memory: [AlignedMemory]

  init(
    _ engine: PiecewiseEngine, squaredMoments: CellMoments?, results: UnsafeSums,
    uncertain: MarkedSlots, instructions: InstructionSet
  ) {
    self.engine = engine
    self.results = results
    self.squaredMoments = squaredMoments
    blocks = engine.blocks
    keys = engine.blocks.description.keys
    blockCount = engine.blocks.count
    blockLength = engine.blocks.blockLength
    bandwidth = engine.blocks.bandwidth
    inverseBandwidth = engine.blocks.description.inverse_bandwidth
    moments = engine.moments
    isBounded = engine.kernel != .constant
    loops = instructions.loops
    guard let blockSums = loops.blocks.summing(by: engine.kernel) else {
      preconditionFailure("there is no loop over blocks for \(engine.kernel)")
    }
    self.blockSums = blockSums
    description = .allocate(capacity: 1)
    description.initialize(to: blocks.description)
    counting = .allocate(capacity: 1)
    counting.initialize(to: blocks.description)
    counting.pointee.observation_weights = nil
    counting.pointee.column_count = 0
    columns = (0..<engine.sorted.columnCount).map(results.column)
    partialCount = blocks.sumCount * Int(NADARAYA_PADDING)
    memory = [
      AlignedMemory(count: partialCount), AlignedMemory(count: blocks.sumCount),
      AlignedMemory(count: DirectEngine.tileLength(dimension: 1) + 2 * blocks.sumCount),
    ]
    partial = memory[0].base
    masses = memory[1].base
    scratch = memory[2].base
    columnPointers = .allocate(capacity: max(columns.count, 1))
    columnPointers.initialize(repeating: nil, count: max(columns.count, 1))
    local =
      engine.problem.degree == 0
      ? nil : WindowMoments(engine, results: results, uncertain: uncertain, loops: loops.near)
    groups = WindowGroups(engine, loops: loops.windows)
    fullBlocks = engine.sorted.count / blocks.blockLength
  }

  deinit {
    description.deallocate()
    counting.deallocate()
    columnPointers.deallocate()
  }
}
