internal import SimilarityKernels
internal import _CKernelSums

/// Sorted keys cut into blocks of equal length for the loops in C.
///
/// A block's keys are visited one by one where a window ends inside it; otherwise its sums are known.
final class KeyBlocks: @unchecked Sendable {
  let sorted: SortedKeys
  let bandwidth: Double
  let blockLength: Int

  /// The number of blocks, including a last one that is not full.
  let count: Int

  /// The description that the loops read; valid for the lifetime of this object.
  let description: nadaraya_blocks

  /// The number of columns to sum: those of the problem, then the requested absolute values.
  let columnCount: Int

  /// Running sums of Σw, Σw² and Σw·c for each column.
  var sumCount: Int { 2 + columnCount }

  private let columns: UnsafeMutablePointer<UnsafePointer<Double>?>
  private let signMasks: UnsafeMutablePointer<Int64>

  init(
    _ sorted: SortedKeys, bandwidth: Double, blockLength: Int, absoluteColumns: [Int] = []
  ) {
    self.sorted = sorted
    self.bandwidth = bandwidth
    self.blockLength = blockLength
    count = (sorted.count + blockLength - 1) / blockLength
    columnCount = sorted.columnCount + absoluteColumns.count
    columns = .allocate(capacity: columnCount)
    signMasks = .allocate(capacity: columnCount)
    for (index, column) in (Array(0..<sorted.columnCount) + absoluteColumns).enumerated() {
      columns.advanced(by: index).initialize(to: sorted.column(column))
      signMasks.advanced(by: index).initialize(to: index < sorted.columnCount ? -1 : .max)
    }
    description = nadaraya_blocks(
      keys: sorted.keys, observation_weights: sorted.observationWeights,
      column_count: columnCount, columns: columns, sign_masks: signMasks, bandwidth: bandwidth,
      inverse_bandwidth: 1 / bandwidth, block_length: blockLength)
  }

  deinit {
    columns.deallocate()
    signMasks.deallocate()
  }

  /// The smallest key of a block.
  func firstKey(_ block: Int) -> Double { description.keys[block * blockLength] }

  /// The largest key of a block.
  func lastKey(_ block: Int) -> Double {
    description.keys[min((block + 1) * blockLength, sorted.count) - 1]
  }
}

extension KeyBlocks {
  /// The first block from which on a condition is true for all blocks; the number of blocks if there is
  /// none.
  /// - Parameter guess: where the search starts.
  /// - Complexity: O(log of the number of blocks between the two).
  @inline(__always)
  func first(from guess: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (-1, count)
    var step = 1
    if guess >= count || holds(guess) {
      high = min(guess, count)
      low = high - 1
      while low >= 0 && holds(low) {
        high = low
        low -= step
        step *= 2
      }
      low = max(low, -1)
    } else {
      low = guess
      high = guess + 1
      while high < count && !holds(high) {
        low = high
        high += step
        step *= 2
      }
      high = min(high, count)
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle }
    }
    return high
  }
}

extension nadaraya_block_loops {
  /// The loop over a block of sorted keys for a kernel that has one.
  func summing(by kernel: Kernel.BuiltIn) -> nadaraya_block_sums? {
    withUnsafeBytes(of: sums) {
      $0.bindMemory(to: nadaraya_block_sums?.self)[kernel.rawValue]
    }
  }
}
