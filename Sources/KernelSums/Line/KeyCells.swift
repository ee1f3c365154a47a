/// Blocks of sorted keys grouped into cells no wider than a given width.
///
/// A cell is the longest run of whole blocks, from its first block, whose keys span no more than the
/// width; a single block may span more. Cells follow the keys wherever they lie, so gaps and heavy
/// tails cost nothing, and their edges are keys: moving all inputs by 10⁹ changes no difference to
/// them.
///
/// If the distance from the smallest key of the block before a run of blocks to the largest of the
/// block after it exceeds the width, the run does not lie strictly inside a cell: it starts at a cell's
/// start or contains a cell's end.
final class KeyCells: @unchecked Sendable {
  private let starts: UnsafeMutablePointer<Int32>
  private let ends: UnsafeMutablePointer<Int32>

  /// Cells over the first `count` blocks.
  ///
  /// - Complexity: O(count).
  init(_ blocks: KeyBlocks, count: Int, width: Double) {
    starts = .allocate(capacity: max(count, 1))
    ends = .allocate(capacity: max(count, 1))
    var start = 0
    for block in 0..<count {
      if !(blocks.lastKey(block) - blocks.firstKey(start) <= width) {
        ends.advanced(by: start).initialize(repeating: Int32(block), count: block - start)
        start = block
      }
      starts[block] = Int32(start)
    }
    ends.advanced(by: start).initialize(repeating: Int32(count), count: count - start)
  }

  deinit {
    starts.deallocate()
    ends.deallocate()
  }

  /// The first block of a block's cell.
  func start(_ block: Int) -> Int { Int(starts[block]) }

  /// The block after the last of a block's cell.
  func end(_ block: Int) -> Int { Int(ends[block]) }
}
