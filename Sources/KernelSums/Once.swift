internal import Synchronization

/// A value that is made when it is first asked for, by one thread while others wait for it.
final class Once<Value: AnyObject & Sendable>: Sendable {
  private let made = AtomicLazyReference<Value>()
  private let making = Mutex<Void>(())

  /// Whether there is a value already.
  var isMade: Bool { made.load() != nil }

  /// The value, which `make` gives the first time.
  func value(orMake make: () -> Value) -> Value {
    if let value = made.load() { return value }
    return making.withLock { _ in made.load() ?? made.storeIfNil(make()) }
  }
}
