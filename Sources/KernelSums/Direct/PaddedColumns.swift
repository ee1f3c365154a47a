internal import _CKernelSums

/// Columns of equal length in one aligned block, padded so that the innermost loops read whole
/// registers.
///
/// Immutable once made, which is why threads may share it. The padding is 0.
final class PaddedColumns: @unchecked Sendable {
  let columnCount: Int
  private let stride: Int
  private let memory: AlignedMemory

  /// `value(row, column)` is asked for once for each place.
  init(rowCount: Int, columnCount: Int, value: (_ row: Int, _ column: Int) -> Double) {
    self.columnCount = columnCount
    stride = Self.padded(rowCount)
    memory = AlignedMemory(count: stride * columnCount)
    for column in 0..<columnCount {
      let start = memory.base + column * stride
      for row in 0..<rowCount { start[row] = value(row, column) }
    }
  }

  /// `fill` writes one column, and its padding where that is not to be 0.
  ///
  /// - Parameter multiple: what the rows are padded to a multiple of, itself one of
  ///   `NADARAYA_PADDING`.
  init(
    rowCount: Int, multiple: Int, columnCount: Int,
    fill: (_ numbers: UnsafeMutablePointer<Double>, _ column: Int, _ padded: Int) -> Void
  ) {
    self.columnCount = columnCount
    stride = (rowCount + multiple - 1) / multiple * multiple
    memory = AlignedMemory(count: stride * columnCount)
    for column in 0..<columnCount { fill(memory.base + column * stride, column, stride) }
  }

  func column(_ index: Int) -> UnsafePointer<Double> {
    precondition((0..<columnCount).contains(index), "there is no column \(index)")
    return UnsafePointer(memory.base + index * stride)
  }

  static func padded(_ count: Int) -> Int {
    let lanes = Int(NADARAYA_PADDING)
    return (count + lanes - 1) / lanes * lanes
  }
}
