#if Explorer

import Synchronization

/// One computation, and the request that waits for it.
///
/// The request goes on with whatever comes first: the result, or an end from outside, which the
/// computation is asked to notice. Nobody waits for it to do so.
final class Job<Value: Sendable>: AnyJob {
  private let work: @Sendable (Job) throws -> Value
  private let cancelled = Atomic<Bool>(false)
  private let state = Mutex(State())

  private struct State {
    var waiting: CheckedContinuation<Value, any Error>?
    var end: Result<Value, any Error>?
  }

  init(_ work: @escaping @Sendable (Job) throws -> Value) { self.work = work }

  var isEnded: Bool { cancelled.load(ordering: .relaxed) }

  /// Lets a request wait for the end.
  func wait(_ continuation: CheckedContinuation<Value, any Error>) {
    let end = state.withLock { state in
      if state.end == nil { state.waiting = continuation }
      return state.end
    }
    if let end { continuation.resume(with: end) }
  }

  func run() {
    guard !isEnded else { return }
    end(Result { try work(self) })
  }

  func end(_ error: any Error) { end(.failure(error)) }

  private func end(_ result: Result<Value, any Error>) {
    let waiting = state.withLock { state -> CheckedContinuation<Value, any Error>? in
      guard state.end == nil else { return nil }
      state.end = result
      defer { state.waiting = nil }
      return state.waiting
    }
    cancelled.store(true, ordering: .relaxed)
    waiting?.resume(with: result)
  }
}

/// A computation of any result type.
protocol AnyJob: AnyObject, Sendable {
  /// Whether no client is waiting for it any more.
  var isEnded: Bool { get }
  func run()
  func end(_ error: any Error)
}

#endif
