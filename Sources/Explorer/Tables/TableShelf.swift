#if Explorer

import ExplorerViews
import HTTPTypes
import Synchronization

/// The tables of the explorer: the one given at the start and the last few dropped ones.
///
/// Nothing of them is written to disk.
final class TableShelf: Sendable {
  static let startName = "start"

  private struct State {
    var dropped: [HeldTable] = []
  }

  private let start: HeldTable
  private let state = Mutex(State())

  init(start table: ExploredTable) throws {
    start = HeldTable(
      id: Self.startName, summary: try table.summary, exploration: Exploration(table), byteCount: 0)
  }

  /// All tables: the one given at the start, then the others in the order of their arrival.
  var all: [HeldTable] { [start] + state.withLock { $0.dropped } }

  func table(_ id: String) throws(Fault) -> HeldTable {
    guard let table = all.first(where: { $0.id == id }) else {
      throw Fault(
        .notFound, "there is no table \"\(id)\"",
        hint: "only the latest \(Limits.tables) dropped tables are kept; drop it again")
    }
    return table
  }

  /// Adds a table under an id that cannot be guessed, and removes the oldest ones where needed.
  func add(_ table: ExploredTable, summary: TableSummary, byteCount: Int) -> HeldTable {
    let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
    let id = String((0..<10).map { _ in letters.randomElement()! })
    let held = HeldTable(
      id: id, summary: summary, exploration: Exploration(table), byteCount: byteCount)
    state.withLock { state in
      state.dropped.append(held)
      while state.dropped.count > Limits.tables
        || state.dropped.reduce(0, { $0 + $1.byteCount }) > Limits.heldBytes
      {
        state.dropped.removeFirst()
      }
    }
    return held
  }

  func remove(_ id: String) throws(Fault) {
    guard id != start.id else {
      throw Fault(
        .methodNotAllowed, "the table given at the start cannot be removed",
        headers: [.allow: "GET, HEAD"])
    }
    _ = try table(id)
    state.withLock { $0.dropped.removeAll { $0.id == id } }
  }
}

#endif
