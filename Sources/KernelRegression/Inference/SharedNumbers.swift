/// Columns of numbers that threads write, each to places of its own.
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

  /// A column as it is by now.
  subscript(column: Int) -> [Double] { Array(room[column * count..<(column + 1) * count]) }
}
