internal import Synchronization

// Giving up.
//
// Only loops over queries are given up: between two blocks of them a thread asks, and takes no other block
// where the answer is yes. What is made of the keys, and kept for later queries, is always finished, so that
// nothing half made is ever shared: plans, orders and tables are made by an execution that is `silent`.
// What a computation that was given up returns is no result. Room that is shared with the caller holds NaN
// where no block has been, and the operations of the estimators, which ask once more before they return,
// throw an error in its place.
extension Execution {
  /// The same without reports and without an end before the work is done, as whatever is kept needs it.
  package var silent: Execution { Execution(threads: threads, instructions: instructions) }

  /// The same without reports, for a part of the work.
  package var unreported: Execution {
    Execution(threads: threads, instructions: instructions, isCancelled: isCancelled)
  }

  /// The same on the calling thread, without reports.
  package var alone: Execution {
    Execution(threads: 1, instructions: instructions, isCancelled: isCancelled)
  }

  /// Whether the work is to be given up.
  package var isStopped: Bool { isCancelled?() ?? false }

  /// The same for one operation: once it is given up, it stays so, even if `isCancelled` answers no later.
  ///
  /// Whoever asks last then knows whether any block was left out.
  package var latched: Execution {
    guard let isCancelled else { return self }
    let latch = Latch()
    var execution = self
    execution.isCancelled = { latch.isShut || isCancelled() && latch.shut() }
    return execution
  }

  /// Writes NaN wherever a computation that is given up would leave no number.
  func prepare(_ room: UnsafeMutableBufferPointer<Double>) {
    if isCancelled != nil { room.initialize(repeating: .nan) }
  }
}

/// What is shut once and for good.
final class Latch: Sendable {
  private let state = Atomic<Bool>(false)

  var isShut: Bool { state.load(ordering: .relaxed) }

  /// Shuts it for good, and returns true.
  func shut() -> Bool {
    state.store(true, ordering: .relaxed)
    return true
  }
}
