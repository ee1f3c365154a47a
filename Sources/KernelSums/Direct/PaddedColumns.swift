internal import _CKernelSums

/// Columns of equal length in one aligned block, padded so that the innermost loops read whole
/// registers.
///
/// The only owner of unsafe memory in the engine; immutable once made. The padding is 0.
final class PaddedColumns: @unchecked Sendable {
  let columnCount: Int
  let stride: Int
  private let base: UnsafeMutablePointer<Double>

  /// `value(row, column)` is asked for once for each place.
  init(rowCount: Int, columnCount: Int, value: (_ row: Int, _ column: Int) -> Double) {
    self.columnCount = columnCount
    stride = Self.padded(rowCount)
    let size = max(stride * columnCount, 1)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: size * MemoryLayout<Double>.stride, alignment: 64)
    base = memory.bindMemory(to: Double.self, capacity: size)
    base.initialize(repeating: 0, count: size)
    for column in 0..<columnCount {
      let start = base + column * stride
      for row in 0..<rowCount { start[row] = value(row, column) }
    }
  }

  deinit { base.deallocate() }

  func column(_ index: Int) -> UnsafePointer<Double> {
    precondition((0..<columnCount).contains(index), "there is no column \(index)")
    return UnsafePointer(base + index * stride)
  }

  static func padded(_ count: Int) -> Int {
    let lanes = Int(NADARAYA_PADDING)
    return (count + lanes - 1) / lanes * lanes
  }
}
