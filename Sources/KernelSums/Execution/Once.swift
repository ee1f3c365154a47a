internal import Synchronization

/// A value that is made when it is first asked for, by one thread while others wait for it.
///
/// An `AtomicLazyReference`, or a mutex around an optional, would do the same, but what they do when two
/// threads meet lies in a library that the thread sanitizer does not see: it then takes the second thread's
/// reading of what the first has made for a race.
package final class Once<Value: Sendable>: Sendable {
  private final class Made: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  private let made = Atomic<Unmanaged<Made>?>(nil)
  private let making = Mutex<Void>(())

  package init() {}

  deinit { made.load(ordering: .acquiring)?.release() }

  /// Whether there is a value already.
  var isMade: Bool { made.load(ordering: .relaxed) != nil }

  /// The value, which `make` gives the first time.
  package func value(orMake make: () -> Value) -> Value {
    if let existing { return existing.value }
    return making.withLock { _ in
      if let existing { return existing.value }
      let value = make()
      made.store(Unmanaged.passRetained(Made(value)), ordering: .releasing)
      return value
    }
  }

  private var existing: Made? { made.load(ordering: .acquiring)?.takeUnretainedValue() }
}
