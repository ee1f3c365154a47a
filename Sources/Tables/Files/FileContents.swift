#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension TableSource {
  /// All bytes of the source, for readers of other forms.
  ///
  /// Text ends at its first NUL, see ``ByteStream``, where it comes from a pipe or a device.
  ///
  /// - Throws: ``TableError/Code/noSuchFile``, ``TableError/Code/unreadable`` or
  ///   ``TableError/Code/outOfMemory``.
  /// - Complexity: O(n).
  package func bytes() throws(TableError) -> [UInt8] {
    try FileContents(self).withBytes { (view) throws(TableError) in
      guard canTake(view.count) else { throw .outOfMemory(name, "to read") }
      return Array(view.bytes(0..<view.count))
    }
  }
}

/// All bytes of an input, mapped where the system can map it and read where not.
///
/// A regular file is mapped: its pages are read once, as the reader comes to them, and can be given
/// back by the system without being written anywhere. Pipes, terminals, devices and the files of `/proc`,
/// which have no size beforehand, are read into memory, piece by piece where the reader can tell
/// from the start of an input that the rest is not worth waiting for.
///
/// If another process cuts a mapped file short while it is read, the process ends with `SIGBUS`, as
/// with every program that maps its input.
///
/// Sendable without the compiler's proof because nobody writes to the bytes after `init` but a stream that
/// reads on, which a lock guards. Should another process write to a mapped file, values may be mixed, but no
/// access leaves the mapping.
final class FileContents: @unchecked Sendable {
  private let storage: Storage

  private enum Storage {
    case mapping(UnsafeBufferPointer<UInt8>)
    case bytes([UInt8])
    case stream(ByteStream)
  }

  private let name: String
  private let lock: UnsafeMutablePointer<pthread_mutex_t>

  /// How many bytes of a stream are looked at first, and by what factor more after that: looking at
  /// all that was read each time costs a seventh at most.
  private static let firstPiece = 1 << 21
  private static let growth = 8

  /// Opens and maps or reads an input.
  ///
  /// - Throws: ``TableError/Code/noSuchFile`` or ``TableError/Code/unreadable``.
  /// - Complexity: O(1).
  init(_ source: TableSource) throws(TableError) {
    name = source.name
    do throws(SystemError) {
      storage =
        switch source {
        case .bytes(let bytes, _): .bytes(bytes)
        case .standardInput: try Self.load(FileDescriptor(borrowing: STDIN_FILENO))
        case .file(let path): try Self.load(FileDescriptor(opening: path, flags: O_RDONLY))
        }
    } catch {
      throw .cannotRead(source.name, errno: error.number)
    }
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
    if case .mapping(let memory) = storage {
      munmap(UnsafeMutableRawPointer(mutating: memory.baseAddress), memory.count)
    }
  }

  /// Lends all bytes for the length of a call.
  ///
  /// - Throws: ``TableError/Code/unreadable`` or ``TableError/Code/outOfMemory`` where a stream cannot be read to its
  ///   end, or what the call throws.
  func withBytes<Result>(
    _ body: (ByteView) throws(TableError) -> Result
  ) throws(TableError) -> Result {
    try withPieces { (bytes, isWhole) throws(TableError) in isWhole ? try body(bytes) : nil }
  }

  /// Lends the bytes for the length of a call, those of a stream in longer and longer pieces from its start.
  ///
  /// - Parameter body: given a piece and whether it is whole; answers nil where it needs a longer one, but
  ///   not to all bytes.
  /// - Throws: as ``withBytes(_:)`` does.
  func withPieces<Result>(
    _ body: (_ bytes: ByteView, _ isWhole: Bool) throws(TableError) -> Result?
  ) throws(TableError) -> Result {
    let result: Result?
    switch storage {
    case .mapping(let memory):
      defer { withExtendedLifetime(self) {} }
      result = try body(ByteView(memory), true)
    case .bytes(let bytes):
      result = try bytes.withUnsafeBufferPointer { (memory) throws(TableError) in
        try body(ByteView(memory), true)
      }
    case .stream(let stream):
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try read(stream, body)
    }
    guard let result else { preconditionFailure("all bytes are enough") }
    return result
  }

  private func read<Result>(
    _ stream: ByteStream, _ body: (ByteView, Bool) throws(TableError) -> Result?
  ) throws(TableError) -> Result {
    var size = Self.firstPiece
    while true {
      do throws(SystemError) {
        try stream.read(to: size)
      } catch {
        throw .cannotRead(name, errno: error.number)
      }
      if let result = try body(ByteView(stream.bytes), stream.isWhole) { return result }
      precondition(!stream.isWhole, "all bytes are enough")
      size *= Self.growth
    }
  }

  private static func load(_ file: consuming FileDescriptor) throws(SystemError) -> Storage {
    let status = try file.status()
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw SystemError(number: EISDIR) }
    // A shell may hand over standard input with part of the file already read.
    let isAtStart = lseek(file.number, 0, SEEK_CUR) == 0
    if kind == S_IFREG, status.st_size > 0, isAtStart,
      let memory = map(file, size: Int(status.st_size))
    {
      return .mapping(memory)
    }
    return .stream(ByteStream(file))
  }

  private static func map(
    _ file: borrowing FileDescriptor, size: Int
  ) -> UnsafeBufferPointer<UInt8>? {
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.number, 0), start != MAP_FAILED
    else { return nil }
    // Only advice: a refusal changes nothing.
    _ = madvise(start, size, Int32(MADV_SEQUENTIAL))
    return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: size)
  }
}
