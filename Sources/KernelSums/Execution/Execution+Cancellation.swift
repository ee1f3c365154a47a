internal import Synchronization

// Cancellation.
//
// Only loops over queries can be cancelled: a thread checks before each block, and takes no more blocks
// once the answer is yes. Anything made from the keys and kept for later queries is always finished, so
// that nothing half made is ever shared: plans, orders and tables are made by an execution that is
// `silent`. The return value of a cancelled computation is meaningless. Memory shared with the caller
// contains NaN where no block was computed. The operations of the estimators check once more before
// they return, and throw an error instead.
extension Execution {
  /// A copy without reports or cancellation, for making anything that is kept.
  package var silent: Execution { Execution(threads: threads, instructions: instructions) }

  /// A copy without reports, for a part of the work.
  package var unreported: Execution {
    Execution(threads: threads, instructions: instructions, isCancelled: isCancelled)
  }

  /// A copy for the calling thread only, without reports.
  package var alone: Execution {
    Execution(threads: 1, instructions: instructions, isCancelled: isCancelled)
  }

  /// Whether to cancel the work.
  package var isStopped: Bool { isCancelled?() ?? false }

  /// A copy for one operation that stays cancelled once `isCancelled` has returned true, even if it
  /// later returns false.
  ///
  /// The last check then tells whether any block was left out.
  package var latched: Execution {
    guard let isCancelled else { return self }
    let latch = Latch()
    var execution = self
    execution.isCancelled = { latch.isShut || isCancelled() && latch.shut() }
    return execution
  }

  /// Writes NaN wherever a cancelled computation would leave memory unwritten.
  func prepare(_ room: UnsafeMutableBufferPointer<Double>) {
    if isCancelled != nil { room.initialize(repeating: .nan) }
  }
}

/// A flag that is set once and stays set.
final class Latch: Sendable {
  private let state = Atomic<Bool>(false)

  var isShut: Bool { state.load(ordering: .relaxed) }

  /// Sets the flag for good, and returns true.
  func shut() -> Bool {
    state.store(true, ordering: .relaxed)
    return true
  }
}
