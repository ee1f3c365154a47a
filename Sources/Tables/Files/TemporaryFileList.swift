import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The temporary files that must not outlive the process.
///
/// The list is emptied, and its files removed, by `exit` and by the signals that end a process in
/// the ordinary way. A signal handler may neither allocate nor lock, so the list is a fixed number
/// of slots, each an atomic pointer to a path: whoever exchanges the pointer for nil, a thread that
/// is done with the file or the handler, is alone in using it. Files beyond the number of slots are
/// still removed when their owners go out of use, only not by a signal.
///
/// A signal that the program handles or ignores itself is left to it.
final class TemporaryFileList: Sendable {
  /// The list that the process empties at its end.
  static let shared = TemporaryFileList()

  /// Arranges for the shared list to be emptied at the end of the process.
  ///
  /// It stands apart from the list, which a handler must find complete.
  private static let isEmptiedAtEnd: Bool = {
    atexit { TemporaryFileList.shared.removeFiles(freeingPaths: true) }
    for number in [SIGHUP, SIGINT, SIGTERM] {
      if let other = signal(number, removeFilesAndEnd) { signal(number, other) }
    }
    return true
  }()

  private typealias Slot = Atomic<UnsafeMutablePointer<CChar>?>

  private static let slotCount = 64

  private nonisolated(unsafe) let slots = UnsafeMutablePointer<Slot>.allocate(capacity: slotCount)

  /// A place in the list, or none where it was full.
  struct Registration {
    fileprivate let slot: Int?
    fileprivate let path: UnsafeMutablePointer<CChar>?
  }

  init() {
    for slot in 0..<Self.slotCount { (slots + slot).initialize(to: Slot(nil)) }
  }

  /// Not of the shared list, whose slots the handler may visit until the process is gone.
  deinit {
    slots.deinitialize(count: Self.slotCount)
    slots.deallocate()
  }

  /// Lists a file.
  func add(_ path: String) -> Registration {
    precondition(Self.shared.slots != slots || Self.isEmptiedAtEnd)
    let copy = strdup(path)
    for slot in 0..<Self.slotCount {
      let (exchanged, _) = slots[slot].compareExchange(
        expected: nil, desired: copy, ordering: .sequentiallyConsistent)
      if exchanged { return Registration(slot: slot, path: copy) }
    }
    free(copy)
    return Registration(slot: nil, path: nil)
  }

  /// Takes a file off the list.
  func remove(_ registration: Registration) {
    guard let slot = registration.slot else { return }
    // Where the handler was faster, the path is its own, and the process is about to end.
    let (exchanged, _) = slots[slot].compareExchange(
      expected: registration.path, desired: nil, ordering: .sequentiallyConsistent)
    if exchanged { free(registration.path) }
  }

  /// Removes all files on the list.
  ///
  /// - Parameter freeingPaths: `false` in a signal handler, where nothing may be freed and the end
  ///   of the process frees all.
  func removeFiles(freeingPaths: Bool) {
    for slot in 0..<Self.slotCount {
      guard let path = slots[slot].exchange(nil, ordering: .sequentiallyConsistent) else {
        continue
      }
      unlink(path)
      if freeingPaths { free(path) }
    }
  }
}

/// Removes the files, then lets the signal do what it would have done.
private func removeFilesAndEnd(_ number: Int32) {
  TemporaryFileList.shared.removeFiles(freeingPaths: false)
  signal(number, SIG_DFL)
  raise(number)
}
