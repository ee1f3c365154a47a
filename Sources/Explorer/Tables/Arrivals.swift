#if Explorer

import Synchronization

/// The tables that are arriving, a few at a time so that all fit in memory.
///
/// Where there is no room left, the one whose client is furthest behind makes it. A client that keeps up is
/// never put out.
final class Arrivals: Sendable {
  fileprivate struct Arrival {
    let connection: Connection?
    var bytes = 0
  }

  fileprivate struct State {
    var arrivals: [Int: Arrival] = [:]
    var next = 0

    var bytes: Int { arrivals.values.reduce(0) { $0 + $1.bytes } }
  }

  private let state = Mutex(State())

  /// Lets a table arrive.
  ///
  /// - Parameter body: reports bytes as they arrive; its argument throws where there is no room for them.
  /// - Throws: a ``Fault`` of status 503 where there is no room.
  func receiving<Value>(
    _ body: (@escaping @Sendable (Int) throws -> Void) async throws -> Value
  ) async throws -> Value {
    let connection = Connection.current
    let number = try await enter(connection)
    // So far it waited for us.
    connection?.forgive()
    defer { state.withLock { $0.arrivals[number] = nil } }
    return try await body { [self] in try add($0, to: number) }
  }

  /// Waits a moment where there is no room, until it is clear which clients lag.
  private func enter(_ connection: Connection?) async throws -> Int {
    let end = ContinuousClock.now + Limits.entry
    while true {
      do throws(Fault) {
        return try enterNow(connection)
      } catch {
        guard ContinuousClock.now < end else { throw error }
      }
      try await Task.sleep(for: Limits.yielding)
    }
  }

  private func enterNow(_ connection: Connection?) throws(Fault) -> Int {
    try change { state -> Int? in
      guard state.arrivals.count < Limits.uploads else { return nil }
      state.next += 1
      state.arrivals[state.next] = Arrival(connection: connection)
      return state.next
    }
  }

  private func add(_ bytes: Int, to number: Int) throws(Fault) {
    try change { state -> Void? in
      guard state.bytes + bytes <= Limits.arrivingBytes else { return nil }
      state.arrivals[number]?.bytes += bytes
      return ()
    }
  }

  /// Disconnects clients that lag until a change succeeds, which gives nil where there is no room.
  private func change<Value: Sendable>(_ change: (inout State) -> Value?) throws(Fault) -> Value {
    while true {
      let (value, latest) = state.withLock { state -> (Value?, Connection?) in
        let value = change(&state)
        return (value, value == nil ? state.removeLatest() : nil)
      }
      if let value { return value }
      guard let latest else { throw .tooManyArrive }
      latest.end(Fault.madeRoom)
    }
  }
}

extension Arrivals.State {
  /// Removes the arrival whose client is furthest behind, if it is far enough behind.
  fileprivate mutating func removeLatest() -> Connection? {
    let now = ContinuousClock.now
    let latest = arrivals.compactMap { number, arrival in
      arrival.connection?.wait(at: now).map { (number, behind: $0.behind) }
    }.max { $0.behind < $1.behind }
    guard let latest, latest.behind >= Limits.yielding else { return nil }
    return arrivals.removeValue(forKey: latest.0)?.connection
  }
}

#endif
