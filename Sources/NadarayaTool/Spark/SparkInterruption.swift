import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Passes a signal to end on to spark-sql; after that this process removes its files and ends too.
///
/// A second one ends this process at once.
struct SparkInterruption {
  private static let process = Atomic<Int32>(0)
  private static let number = Atomic<Int32>(0)

  /// From now on signals are passed on to a process.
  init(_ process: Int32) {
    // A handler may not be the first to touch what it uses.
    Self.number.store(0, ordering: .sequentiallyConsistent)
    Self.process.store(process, ordering: .sequentiallyConsistent)
    for number in [SIGHUP, SIGINT, SIGTERM] {
      signal(number) { number in
        SparkInterruption.number.store(number, ordering: .sequentiallyConsistent)
        let process = SparkInterruption.process.load(ordering: .sequentiallyConsistent)
        if process > 0 { kill(process, SIGTERM) }
        signal(number, SIG_DFL)
      }
    }
  }

  /// Stops passing signals on: the process has ended, and its number may be reused.
  func end() { Self.process.store(0, ordering: .sequentiallyConsistent) }

  /// The signal that requested the end, if any.
  static var asked: Int32? {
    let number = number.load(ordering: .sequentiallyConsistent)
    return number == 0 ? nil : number
  }
}
