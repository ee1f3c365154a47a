internal import Synchronization

/// A value made on first use, by one thread while others wait for it.
///
/// An `AtomicLazyReference`, or a mutex around an optional, would do the same, but they synchronise in
/// a library that the thread sanitizer does not see: it reports a race when the second thread reads the
/// value that the first has made.
package final class Once<Value: Sendable>: Sendable {
  private final class Made: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  private let made = Atomic<Unmanaged<Made>?>(nil)
  private let making = Mutex<Void>(())

  package init() {}

  deinit { made.load(ordering: .acquiring)?.release() }

  /// Whether the value has been made.
  var isMade: Bool { made.load(ordering: .relaxed) != nil }

  /// The value, made by `make` the first time.
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
