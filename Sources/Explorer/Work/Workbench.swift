#if Explorer

import Dispatch
import HTTPTypes
import NIOCore
import NIOPosix
import Nadaraya
import Synchronization

/// Runs computations apart from the threads that serve connections, a few at a time.
///
/// A computation that takes all processors gains nothing from a second one at its side, but a slider
/// that moves should not wait for a similarity to be learned. So there are two kinds: at most two
/// computations run at once and at most one of them may be long. Those that wait are taken in order;
/// one whose client has left leaves the line as well, which is what happens to all but the last
/// position of a slider that is moved quickly.
final class Workbench: Sendable {
  enum Length: Sendable {
    case short
    case long
  }

  fileprivate struct State {
    var running: [(length: Length, job: any AnyJob)] = []
    var waiting: [(length: Length, job: any AnyJob)] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(
    label: "nadaraya.explorer", qos: .userInitiated, attributes: .concurrent)
  private let timers = MultiThreadedEventLoopGroup.singleton

  /// Runs a computation for the request that the current task serves.
  ///
  /// - Parameter work: `isCancelled` of its `Execution` says when nobody is waiting for it any more.
  /// - Throws: what `work` throws; a ``Fault`` of status 503 where too many wait, where it takes longer
  ///   than `limit`, waiting included, or where the server ends; ``ClientLeft``.
  func perform<Value: Sendable>(
    _ length: Length = .short, within limit: TimeAmount = Limits.work,
    _ work: @escaping @Sendable (Execution) throws -> Value
  ) async throws -> Value {
    let job = Job<Value> { job in
      var execution = Execution()
      execution.isCancelled = { job.isEnded }
      return try work(execution)
    }
    try add(job, length)
    let timer = timers.next().scheduleTask(in: limit) { job.end(Fault.tookTooLong(limit)) }
    let connection = Connection.current
    connection?.whenEnded { job.end($0) }
    defer {
      timer.cancel()
      connection?.forgetObserver()
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { job.wait($0) }
    } onCancel: {
      job.end(ClientLeft())
    }
  }

  /// Ends all computations, and refuses later ones.
  func close() {
    let jobs = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.running + state.waiting
    }
    for (_, job) in jobs { job.end(Fault.serverEnds) }
  }

  private func add(_ job: any AnyJob, _ length: Length) throws(Fault) {
    let fault: Fault? = state.withLock { state in
      guard !state.isClosed else { return .serverEnds }
      state.waiting.removeAll { $0.job.isEnded }
      let long = state.waiting.count { $0.length == .long }
      guard state.waiting.count < Limits.waiting, length == .short || long < Limits.waitingLong
      else { return .tooManyWait }
      state.waiting.append((length, job))
      return nil
    }
    if let fault { throw fault }
    startWhatMay()
  }

  private func startWhatMay() {
    for job in state.withLock({ $0.startable() }) {
      queue.async { [self] in
        job.run()
        state.withLock { $0.running.removeAll { $0.job === job } }
        startWhatMay()
      }
    }
  }
}

extension Workbench.State {
  /// Starts waiting computations in order, as long as there is room for their kind.
  fileprivate mutating func startable() -> [any AnyJob] {
    var started: [any AnyJob] = []
    waiting.removeAll { $0.job.isEnded }
    while running.count < Limits.running {
      let isLongRunning = running.count { $0.length == .long } >= Limits.runningLong
      guard let place = waiting.firstIndex(where: { $0.length == .short || !isLongRunning })
      else { break }
      let next = waiting.remove(at: place)
      running.append(next)
      started.append(next.job)
    }
    return started
  }
}

#endif
