internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// The state one thread needs to sum under the laplacian: the engine's arrays, running sums, and the
/// block that contained the last query.
final class CarriedPass: SortedPass {
  let engine: RecursiveEngine
  let results: UnsafeSums
  let squares: Bool
  let columns: [UnsafeMutablePointer<Double>]

  private let blocks: KeyBlocks
  private let carried: CarriedSums
  private let inverseBandwidth: Double
  private let blockSums: nadaraya_block_sums
  private let description: UnsafeMutablePointer<nadaraya_blocks>
  private let partial: AlignedMemory
  private var block = 0

  init(
    _ engine: RecursiveEngine, squares: Bool, results: UnsafeSums, instructions: InstructionSet
  ) {
    self.engine = engine
    self.results = results
    self.squares = squares
    blocks = engine.blocks
    carried = engine.carried
    inverseBandwidth = blocks.description.inverse_bandwidth
    columns = (0..<engine.sorted.columnCount).map(results.column)
    guard let blockSums = instructions.loops.blocks.summing(by: .laplacian) else {
      preconditionFailure("there is no loop over blocks for the laplacian")
    }
    self.blockSums = blockSums
    description = .allocate(capacity: 1)
    description.initialize(to: blocks.description)
    partial = AlignedMemory(count: blocks.sumCount * Int(NADARAYA_PADDING))
  }

  deinit { description.deallocate() }

  /// Writes the sums of one query.
  ///
  /// - Parameter own: the position of the key to leave out, which is the query itself; −1 for none.
  func sum(query: Double, own: Int, into slot: Int) {
    guard blocks.count > 0 else { return writeEmpty(into: slot) }
    locate(query, own)
    let lanes = Int(NADARAYA_PADDING)
    partial.base.update(repeating: 0, count: blocks.sumCount * lanes)
    blockSums(description, query, block, own, squares ? 1 : 0, partial.base)
    var (left, right) = (0.0, 0.0)
    if block > 0 {
      let anchor = blocks.lastKey(carried.cells.end(block - 1) - 1)
      left = .exp((anchor - query) * inverseBandwidth)
    }
    if block + 1 < blocks.count {
      let anchor = blocks.firstKey(carried.cells.start(block + 1))
      right = .exp((query - anchor) * inverseBandwidth)
    }
    func sum(_ index: Int, _ left: Double, _ right: Double) -> Double {
      let lane = partial.base + index * lanes
      var sum =
        ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]))
      if left > 0 { sum += left * carried.left(block - 1)[index] }
      if right > 0 { sum += right * carried.right(block + 1)[index] }
      return sum
    }
    let weight = sum(0, left, right)
    guard weight >= DirectEngine.anchoringThreshold else {
      return writeAnchored(query, own, block, into: slot)
    }
    results.logAnchors[slot] = engine.sorted.logObservationScale
    results.weights[slot] = weight
    results.squaredWeights[slot] =
      squares ? sum(blocks.sumCount - 1, left * left, right * right) : .nan
    for column in columns.indices { columns[column][slot] = sum(1 + column, left, right) }
  }

  /// Finds a block such that no earlier block has a key right of the query and no later block one left
  /// of it: the block with the query's own key, or the last that starts at or before the query.
  private func locate(_ query: Double, _ own: Int) {
    guard own < 0 else {
      block = own / blocks.blockLength
      return
    }
    let behind = blocks.first(from: block + 1) { [blocks] in blocks.firstKey($0) > query }
    block = max(behind - 1, 0)
  }

  func writeEmpty(into slot: Int) {
    results.logAnchors[slot] = -.infinity
    results.weights[slot] = 0
    results.squaredWeights[slot] = squares ? 0 : .nan
    for column in columns { column[slot] = 0 }
  }
}
