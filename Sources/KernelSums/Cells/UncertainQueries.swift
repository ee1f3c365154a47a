internal import Synchronization

/// Queries found by several threads.
final class UncertainQueries: Sendable {
  private let found = Mutex<[Int32]>([])

  func append(_ queries: ArraySlice<Int32>) {
    guard !queries.isEmpty else { return }
    found.withLock { $0.append(contentsOf: queries) }
  }

  func sorted() -> [Int] {
    found.withLock { $0.sorted().map(Int.init) }
  }
}
