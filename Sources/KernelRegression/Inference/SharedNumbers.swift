/// Columns of numbers that threads write, each to its own places.
final class SharedNumbers: @unchecked Sendable {
  private let room: UnsafeMutableBufferPointer<Double>
  private let count: Int

  /// Columns of NaN.
  init(columns: Int, count: Int) {
    self.count = count
    room = .allocate(capacity: columns * count)
    room.initialize(repeating: .nan)
  }

  deinit { room.deallocate() }

  subscript(column: Int, place: Int) -> Double {
    get { room[column * count + place] }
    set { room[column * count + place] = newValue }
  }

  /// The current state of a column.
  subscript(column: Int) -> [Double] { Array(room[column * count..<(column + 1) * count]) }
}
