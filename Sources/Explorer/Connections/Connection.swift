#if Explorer

import Synchronization

/// Whether the client of a request is still there.
///
/// What serves a request finds its connection in the task, and learns at once when the client leaves.
final class Connection: Sendable {
  /// The connection that the present task serves; nil where there is no socket.
  @TaskLocal static var current: Connection?

  private struct State {
    var isGone = false
    var observer: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Has `body` called, once, when the client is gone, or at once where it already is.
  ///
  /// Requests on a connection are served one by one, so there is one observer.
  func whenGone(_ body: @escaping @Sendable () -> Void) {
    let isGone = state.withLock { state in
      if !state.isGone { state.observer = body }
      return state.isGone
    }
    if isGone { body() }
  }

  func forgetObserver() { state.withLock { $0.observer = nil } }

  func leave() {
    let observer = state.withLock { state in
      defer { state.observer = nil }
      state.isGone = true
      return state.observer
    }
    observer?()
  }
}

#endif
