/// The queries that pieces of work find, each piece in a place of its own, which is why threads may
/// share it.
final class UncertainQueries: @unchecked Sendable {
  private let found: UnsafeMutableBufferPointer<[Int32]>

  init(pieceCount: Int) {
    found = .allocate(capacity: pieceCount)
    found.initialize(repeating: [])
  }

  deinit {
    found.deinitialize()
    found.deallocate()
  }

  func add(_ queries: ArraySlice<Int32>, of piece: Int) {
    guard !queries.isEmpty else { return }
    found[piece] += queries
  }

  func sorted() -> [Int] { found.joined().sorted().map(Int.init) }
}
