#if Explorer

import Synchronization

/// A client's connection: whether the client is still there, and how long the server has waited for it.
///
/// What serves a request finds its connection in the task, and learns at once when the client leaves.
final class Connection: Sendable {
  /// The connection that the present task serves; nil where there is no socket.
  @TaskLocal static var current: Connection?

  /// What the server is waiting for the client to do.
  enum Wait {
    /// To begin a request.
    case request
    /// To send the rest of a request's head.
    case head
    /// To send the rest of a request's body.
    case body
    /// To read a response.
    case reading
    /// To close the connection.
    case farewell
  }

  private struct State {
    var end: (any Error)?
    var observer: (@Sendable (any Error) -> Void)?
    var isRefused = false
    var wait: Wait? = .request
    /// When the client should have done what the server waits for.
    var due = ContinuousClock.now
  }

  private let state = Mutex(State())
}

// MARK: - Its end

extension Connection {
  /// Why the answer on this connection is no longer needed.
  var end: (any Error)? { state.withLock { $0.end } }

  /// Calls `body` once when the client is gone or given up, or immediately if it already is.
  ///
  /// Requests on a connection are served one by one, so there is one observer.
  func whenEnded(_ body: @escaping @Sendable (any Error) -> Void) {
    let end = state.withLock { state in
      if state.end == nil { state.observer = body }
      return state.end
    }
    if let end { body(end) }
  }

  func forgetObserver() { state.withLock { $0.observer = nil } }

  func end(_ error: any Error) {
    let observer = state.withLock { state -> (@Sendable (any Error) -> Void)? in
      guard state.end == nil else { return nil }
      defer { state.observer = nil }
      state.end = error
      return state.observer
    }
    observer?(error)
  }

  /// Whether its first request is to be refused because all others are busy.
  var isRefused: Bool { state.withLock { $0.isRefused } }

  func refuse() { state.withLock { $0.isRefused = true } }
}

// MARK: - Its pace

extension Connection {
  /// What the server waits for, and how far the client is behind; nil where it is the server's turn.
  ///
  /// A client is behind by the time since it should have begun, less what its bytes may take at the slowest
  /// pace that is waited for. Bytes that came early earn no time: who stops is behind from then on.
  func wait(at now: ContinuousClock.Instant = .now) -> (for: Wait, behind: Duration)? {
    state.withLock { state in state.wait.map { ($0, now - state.due) } }
  }

  /// From now on the server waits for something else, or for nothing.
  func waits(for wait: Wait?) {
    state.withLock { state in
      guard state.wait != wait else { return }
      state.wait = wait
      state.due = .now
    }
  }

  /// A client that should begin a request has sent some bytes of it.
  func begins() {
    state.withLock { state in
      guard state.wait == .request else { return }
      state.wait = .head
      state.due = .now
    }
  }

  /// Forgives the client's delay, which was not its fault.
  func forgive() { state.withLock { $0.due = .now } }

  /// A client has sent or read some bytes of a body.
  func passed(_ bytes: Int) {
    let worth = Duration.seconds(Double(bytes) / Double(Limits.slowestPace))
    state.withLock { $0.due = min($0.due + worth, .now) }
  }
}

#endif
