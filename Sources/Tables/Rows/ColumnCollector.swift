/// Columns while they grow a row at a time.
///
/// Rows go into a small scratch block, column by column, and move to the arrays a block at a time:
/// the inner loop of a reader then does one plain store a value, without the checks for growth and
/// for sharing that appending to an array costs.
struct ColumnCollector: ~Copyable {
  /// Values in the scratch block, whatever its shape: small enough for a processor's cache.
  private static let blockValues = 1 << 14

  private let blockRows: Int
  private let scratch: UnsafeMutablePointer<Double>
  private var filled = 0
  private var columns: [[Double]]
  private let sourceName: String
  private var movedRows = 0

  /// The texts of each column of labels.
  private(set) var levels: [LabelLevels]

  /// Rows reported by ``drop()``.
  private(set) var droppedRows = 0

  /// Rows reported by ``commit(progress:)``.
  var rowCount: Int { movedRows + filled }

  /// - Parameter sourceName: what a message calls the input.
  init(columnCount: Int, sourceName: String) {
    self.sourceName = sourceName
    blockRows = max(16, Self.blockValues / max(1, columnCount))
    scratch = .allocate(capacity: max(1, columnCount) * blockRows)
    columns = Array(repeating: [], count: columnCount)
    levels = Array(repeating: LabelLevels(), count: columnCount)
  }

  deinit { scratch.deallocate() }

  /// Stores a value of the row in hand.
  @inline(__always)
  mutating func set(_ value: Double, column: Int) {
    assert(columns.indices.contains(column))
    scratch[column &* blockRows &+ filled] = value
  }

  /// Stores a label of the row in hand.
  mutating func set(_ text: String, column: Int) {
    set(Double(levels[column].add(text)), column: column)
  }

  /// Keeps the row in hand, all of whose values have been set.
  ///
  /// - Parameter progress: how much of the input has been read, in (0, 1]; used once, to reserve.
  /// - Throws: ``TableError/Code/outOfMemory``.
  @inline(__always)
  mutating func commit(progress: @autoclosure () -> Double) throws(TableError) {
    filled &+= 1
    if filled == blockRows { try moveBlock(progress: progress()) }
  }

  /// Leaves out the row in hand.
  mutating func drop() { droppedRows += 1 }

  /// The columns, in the order of their numbers, and their length.
  consuming func finish() throws(TableError) -> (columns: [[Double]], rowCount: Int) {
    try moveBlock(progress: 1)
    return (columns, movedRows)
  }

  @inline(never)
  private mutating func moveBlock(progress: Double) throws(TableError) {
    let isFirst = movedRows == 0
    let expected = Int(min(Double(filled) / progress * 1.02, 1024 * Double(filled)))
    if let column = columns.first, column.count + filled > column.capacity || isFirst {
      // An array that grows doubles.
      let rows = isFirst ? expected : 2 * (column.count + filled)
      let byteCount = rows * columns.count * MemoryLayout<Double>.stride
      guard byteCount < 1 << 24 || canTake(byteCount) else {
        throw .outOfMemory(sourceName, "for the columns of")
      }
    }
    for column in columns.indices {
      // A little more than expected: the alternative, doubling, copies and wastes half. But short
      // rows at the start of a long input may promise more rows than there are, or memory for.
      if isFirst { columns[column].reserveCapacity(expected) }
      columns[column].append(
        contentsOf: UnsafeBufferPointer(start: scratch + column * blockRows, count: filled))
    }
    movedRows += filled
    filled = 0
  }
}
