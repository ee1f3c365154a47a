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
  /// - Throws: ``TableError/Code/noSuchFile`` or ``TableError/Code/unreadable``.
  /// - Complexity: O(n).
  public func bytes() throws(TableError) -> [UInt8] {
    try FileContents(self).withBytes { view in (0..<view.count).map { view[$0] } }
  }
}

/// All bytes of an input, mapped where the system can map it and read where not.
///
/// A regular file is mapped: its pages are read once, as the reader comes to them, and can be given
/// back by the system without being written anywhere. Pipes, terminals and the files of `/proc`,
/// which have no size beforehand, are read to their end into memory.
///
/// If another process cuts a mapped file short while it is read, the process ends with `SIGBUS`, as
/// with every program that maps its input.
///
/// Sendable without the compiler's proof because nobody here writes to the bytes after `init`. Should
/// another process write to a mapped file, values may be mixed, but no access leaves the mapping.
final class FileContents: @unchecked Sendable {
  private let storage: Storage

  private enum Storage {
    case mapping(UnsafeBufferPointer<UInt8>)
    case bytes([UInt8])
  }

  /// Opens and maps or reads an input.
  ///
  /// - Throws: ``TableError/Code/noSuchFile`` or ``TableError/Code/unreadable``.
  /// - Complexity: O(1) for a regular file, O(n) otherwise.
  init(_ source: TableSource) throws(TableError) {
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
  }

  deinit {
    if case .mapping(let memory) = storage {
      munmap(UnsafeMutableRawPointer(mutating: memory.baseAddress), memory.count)
    }
  }

  /// Lends the bytes for the length of a call.
  func withBytes<Result, Failure: Error>(
    _ body: (ByteView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapping(let memory):
      defer { withExtendedLifetime(self) {} }
      return try body(ByteView(memory))
    case .bytes(let bytes):
      return try bytes.withUnsafeBufferPointer { (memory) throws(Failure) in
        try body(ByteView(memory))
      }
    }
  }

  private static func load(_ file: borrowing FileDescriptor) throws(SystemError) -> Storage {
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
    return .bytes(try readAll(file))
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

  private static func readAll(_ file: borrowing FileDescriptor) throws(SystemError) -> [UInt8] {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { block.deallocate() }
    var bytes: [UInt8] = []
    while true {
      let count = try file.read(into: block)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: block[..<count])
    }
  }
}
