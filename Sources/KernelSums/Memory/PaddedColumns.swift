internal import _CKernelSums

/// Columns of equal length in one aligned block, padded so that the innermost loops read whole
/// registers.
///
/// Immutable, so threads may share it. The padding is 0.
final class PaddedColumns: @unchecked Sendable {
  let columnCount: Int
  private let stride: Int
  private let memory: AlignedMemory

  /// `value(row, column)` is called once for each place.
  convenience init(rowCount: Int, columnCount: Int, value: (_ row: Int, _ column: Int) -> Double) {
    self.init(
      rowCount: rowCount, columnCount: columnCount, execution: Execution(threads: 1)
    ) { column, rows, start in
      for row in rows { start[row] = value(row, column) }
    }
  }

  /// `fill(column, rows, start)` writes some rows of a column, `start[row]` each; it is called from
  /// several threads at once.
  init(
    rowCount: Int, columnCount: Int, execution: Execution,
    fill: (_ column: Int, _ rows: Range<Int>, _ start: UnsafeMutablePointer<Double>) -> Void
  ) {
    self.columnCount = columnCount
    stride = Self.padded(rowCount)
    memory = AlignedMemory(count: stride * columnCount)
    let (base, stride) = (memory.base, stride)
    execution.forEachBlock(of: rowCount, atMost: 1 << 14) { rows in
      for column in 0..<columnCount { fill(column, rows, base + column * stride) }
    }
  }

  /// `fill` writes one column, and its padding unless that is to be 0.
  ///
  /// - Parameter multiple: the rows are padded to a multiple of this, which is itself a multiple of
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
