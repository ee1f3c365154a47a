#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An open file, closed when it goes out of use unless it was open before.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let isOwned: Bool

  /// A descriptor that the process had open anyway, such as standard output.
  init(borrowing number: Int32) {
    self.number = number
    isOwned = false
  }

  /// Opens a path.
  ///
  /// - Parameter permissions: of a new file, before the process's mask is applied.
  init(
    opening path: String, flags: Int32, permissions: mode_t = 0o666
  ) throws(SystemError) {
    // A C string ends at a zero byte: the file opened would not be the one that was named.
    guard !path.utf8.contains(0) else { throw SystemError(number: ENOENT) }
    var number: Int32
    repeat {
      number = open(path, flags | O_CLOEXEC, permissions)
    } while number < 0 && errno == EINTR
    guard number >= 0 else { throw .last }
    self.number = number
    isOwned = true
  }

  private init(owning number: Int32) {
    self.number = number
    isOwned = true
  }

  deinit {
    if isOwned { _ = closeFile(number) }
  }

  /// Closes the file now, so that a failure to store its last bytes is reported.
  consuming func finish() throws(SystemError) {
    let number = self.number
    let isOwned = self.isOwned
    discard self
    if isOwned, closeFile(number) != 0, errno != EINTR { throw .last }
  }

  /// The same open file under another number: it stays open until both are closed.
  func duplicated() throws(SystemError) -> FileDescriptor {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .last }
    return FileDescriptor(owning: copy)
  }

  /// Locks the file for as long as it is open anywhere in this process.
  ///
  /// - Returns: whether nobody else has it locked and the file system supports locks.
  func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

  /// What the system knows about the file.
  func status() throws(SystemError) -> stat {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw .last }
    return status
  }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      let count = readFile(number, buffer)
      if count >= 0 { return count }
      if errno != EINTR { throw .last }
    }
  }

  /// Writes all bytes.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    try repeatedly(bytes) { start, count, _ in writeFile(number, start, count) }
  }

  /// Writes all bytes at an offset, without moving the file's position.
  func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    try repeatedly(bytes) { start, count, written in
      pwrite(number, start, count, off_t(offset + written))
    }
  }

  /// Calls a system call that may write less than asked, until it has written all.
  private func repeatedly(
    _ bytes: [UInt8],
    _ call: (_ start: UnsafePointer<UInt8>, _ count: Int, _ written: Int) -> Int
  ) throws(SystemError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(SystemError) in
      var written = 0
      while written < buffer.count, let start = buffer.baseAddress {
        let count = call(start + written, buffer.count - written, written)
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          throw SystemError.last
        }
      }
    }
  }
}

// The C functions under names that the methods above do not hide.

private func closeFile(_ number: Int32) -> Int32 { close(number) }

private func readFile(_ number: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(number, buffer.baseAddress, buffer.count)
}

private func writeFile(_ number: Int32, _ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
  write(number, start, count)
}
