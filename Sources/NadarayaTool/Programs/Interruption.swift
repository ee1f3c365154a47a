import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C as a request to stop soon and keep the result so far; a second one ends the process.
enum Interruption {
  private static let isAsked = Atomic<Bool>(false)

  /// Whether Ctrl-C was pressed since ``watch()``.
  static var wasAsked: Bool { isAsked.load(ordering: .relaxed) }

  /// From now on the first Ctrl-C is only noted.
  static func watch() {
    // A handler may not be the first to touch the flag, which would take a lock.
    isAsked.store(false, ordering: .relaxed)
    signal(SIGINT) { number in
      Interruption.isAsked.store(true, ordering: .relaxed)
      signal(number, SIG_DFL)
    }
  }

  /// Ctrl-C ends the process again.
  static func stopWatching() { signal(SIGINT, SIG_DFL) }
}
