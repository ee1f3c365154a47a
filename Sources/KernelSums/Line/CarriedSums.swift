internal import RealModule
internal import SimilarityKernels
internal import _CKernelSums

/// For each block of sorted keys, the laplacian sums up to and including it, and from it on.
///
/// ```
/// left[b]  = Σ ω c exp(−(R − k)/h) over the keys of blocks …b,   R the last key of b's cell
/// right[b] = Σ ω c exp(−(k − L)/h) over the keys of blocks b…,   L the first key of b's cell
/// ```
///
/// c is 1 and each column; Σw² is carried likewise with squared terms. Carrying a sum from block to
/// block would round once for each block, leaving ten digits after millions of keys under a wide
/// kernel. So blocks are grouped into cells of one bandwidth: within a cell the anchor is fixed, terms
/// are within a factor e and their sum is compensated; from cell to cell it is carried by one
/// multiplication. Two cells together are wider than a bandwidth, so accumulated rounding errors decay
/// as fast as the sums themselves.
final class CarriedSums: @unchecked Sendable {
  let cells: KeyCells

  private let sumCount: Int
  private let memory: AlignedMemory
  private let size: Int

  /// - Complexity: O(n·(1 + p)) on all threads.
  init(_ blocks: KeyBlocks, execution: Execution) {
    cells = KeyCells(blocks, count: blocks.count, width: blocks.bandwidth)
    sumCount = blocks.sumCount
    size = blocks.count * sumCount
    memory = AlignedMemory(count: 2 * size)
    guard let blockSums = execution.instructions.loops.blocks.summing(by: .laplacian) else {
      preconditionFailure("there is no loop over blocks for the laplacian")
    }
    let lanes = Int(NADARAYA_PADDING)
    execution.forEachBlock(of: blocks.count, atMost: 256) { run in
      let room = AlignedMemory(count: sumCount * lanes)
      for block in run {
        for (sums, anchor) in [
          (left(block), blocks.lastKey(cells.end(block) - 1)),
          (right(block), blocks.firstKey(cells.start(block))),
        ] {
          room.base.update(repeating: 0, count: sumCount * lanes)
          withUnsafePointer(to: blocks.description) {
            blockSums($0, anchor, block, -1, 1, room.base)
          }
          for index in 0..<sumCount {
            UnsafeMutablePointer(mutating: sums)[index] = (0..<lanes).reduce(0) {
              $0 + room.base[index * lanes + $1]
            }
          }
        }
      }
    }
    execution.forEachBlock(of: 2, atMost: 1) { sides in
      for side in sides {
        if side == 0 {
          carry(0..<blocks.count, at: memory.base) { block, before in
            let anchor = blocks.lastKey(cells.end(block) - 1)
            return cells.start(block) < block
              ? nil : (anchor - blocks.lastKey(before)) / blocks.bandwidth
          }
        } else {
          carry((0..<blocks.count).reversed(), at: memory.base + size) { block, before in
            let anchor = blocks.firstKey(cells.start(block))
            return block < cells.end(block) - 1
              ? nil : (blocks.firstKey(before) - anchor) / blocks.bandwidth
          }
        }
      }
    }
  }

  /// The sums of a block and all blocks before it, about its cell's last key.
  func left(_ block: Int) -> UnsafePointer<Double> {
    UnsafePointer(memory.base + block * sumCount)
  }

  /// The sums of a block and all blocks after it, about its cell's first key.
  func right(_ block: Int) -> UnsafePointer<Double> {
    UnsafePointer(memory.base + size + block * sumCount)
  }

  /// Turns the sums of single blocks into carried ones.
  ///
  /// - Parameter step: the distance of a block's anchor to that of the previous one in order, in
  ///   bandwidths; nil if both are the same. Between cells the previous block is the last of its cell,
  ///   whose anchor is its own last key.
  private func carry(
    _ order: some Sequence<Int>, at sums: UnsafeMutablePointer<Double>,
    step: (_ block: Int, _ before: Int) -> Double?
  ) {
    RunningSums.with(sumCount) { running in
      var before: Int?
      for block in order {
        if let before, let distance = step(block, before) {
          let decay = Double.exp(-distance)
          for index in 0..<sumCount {
            running.scale(index, by: index == sumCount - 1 ? decay * decay : decay)
          }
        }
        running.run(over: sums + block * sumCount)
        before = block
      }
    }
  }
}
