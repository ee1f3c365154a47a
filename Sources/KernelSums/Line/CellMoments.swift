internal import RealModule
internal import _CKernelSums

/// Moments of sorted keys, cell by cell: for each block, those of all keys from its cell's start
/// through the block, about the cell's first key, and those of all keys from the block to the cell's
/// end, about its last.
///
/// ```
/// Mⱼ = Σ ω c ((k − A)/h)ʲ,   j = 0 … degree,   for c = 1 and each column
/// ```
///
/// A run of blocks that reaches a cell's edge is one of these, nothing is subtracted, and both anchors
/// are keys of the cell. Running sums are compensated, so many keys in one cell cost no digits.
final class CellMoments: @unchecked Sendable {
  let blocks: KeyBlocks
  let polynomial: KernelPolynomial
  let cells: KeyCells

  /// The highest power of the moments.
  let degree: Int

  /// The number of moments for a block and side.
  let stride: Int

  /// 1 and the columns; only 1 for the squares.
  let rowCount: Int

  private let memory: AlignedMemory
  private let size: Int

  /// - Parameters:
  ///   - squares: whether the moments are those of ω², for Σw² with the kernel's square.
  ///   - powers: how far moments go beyond the kernel's degree; 2p for moments about queries.
  /// - Complexity: O(n·(1 + p)·degree) on all threads.
  init(
    _ blocks: KeyBlocks, polynomial: KernelPolynomial, squares: Bool, powers: Int = 0,
    isBounded: Bool, execution: Execution
  ) {
    self.blocks = blocks
    self.polynomial = polynomial
    rowCount = squares ? 1 : 1 + blocks.columnCount
    let count = blocks.sorted.count / blocks.blockLength
    let bandwidth = blocks.bandwidth
    let width = isBounded ? bandwidth * polynomial.cellWidth(powers: powers) : .infinity
    let degree = polynomial.degree + powers
    precondition(degree <= Int(NADARAYA_GREATEST_DEGREE), "the loops do not support this degree")
    self.degree = degree
    cells = KeyCells(blocks, count: count, width: width)
    stride = rowCount * (degree + 1)
    size = count * stride
    // The loops read a register beyond a row.
    memory = AlignedMemory(count: 2 * size + Int(NADARAYA_PADDING))
    var description = blocks.description
    if squares { description.column_count = 0 }
    let loops = execution.instructions.loops.blocks
    execution.forEachBlock(of: count, atMost: 256) { run in
      for block in run {
        let (start, end) = (cells.start(block), cells.end(block))
        // No window contains a block wider than itself.
        if isBounded && end - start == 1
          && blocks.lastKey(block) - blocks.firstKey(block) > 2 * bandwidth
        {
          continue
        }
        for (moments, anchor) in [
          (prefix(block), blocks.firstKey(start)), (suffix(block), blocks.lastKey(end - 1)),
        ] {
          withUnsafePointer(to: description) {
            loops.moments(
              $0, block, anchor, degree, squares ? 1 : 0,
              UnsafeMutablePointer(mutating: moments))
          }
        }
      }
    }
    execution.forEachBlock(of: 2, atMost: 1) { sides in
      for side in sides {
        side == 0
          ? accumulate(0..<count, at: memory.base) { cells.start($0) }
          : accumulate((0..<count).reversed(), at: memory.base + size) { cells.end($0) - 1 }
      }
    }
  }

  /// The moments from the cell's start through a block.
  func prefix(_ block: Int) -> UnsafePointer<Double> { UnsafePointer(memory.base + block * stride) }

  /// The moments from a block to the cell's end.
  func suffix(_ block: Int) -> UnsafePointer<Double> {
    UnsafePointer(memory.base + size + block * stride)
  }

  /// Turns the moments of single blocks into running moments, restarted at each cell's edge.
  private func accumulate(
    _ order: some Sequence<Int>, at moments: UnsafeMutablePointer<Double>,
    edge: (_ block: Int) -> Int
  ) {
    RunningSums.with(stride) { running in
      for block in order {
        if edge(block) == block { running.restart() }
        running.run(over: moments + block * stride)
      }
    }
  }
}
