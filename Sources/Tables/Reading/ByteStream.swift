#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The bytes of an input that cannot be mapped, in one piece of memory, read as far as needed.
///
/// Text has no NUL, so that reading text ends at the first: what is behind it could only be read for
/// nothing, without end from `/dev/zero`.
final class ByteStream {
  private let file: FileDescriptor
  private var memory: UnsafeMutableRawBufferPointer

  /// How many bytes have been read.
  private(set) var count = 0

  /// Whether all have been read that are worth reading.
  private(set) var isWhole = false

  init(_ file: consuming FileDescriptor) {
    self.file = file
    memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  deinit { free(memory.baseAddress) }

  /// The bytes read so far; their memory may move when more are read.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: memory.baseAddress?.assumingMemoryBound(to: UInt8.self), count: count)
  }

  /// Reads on until at least so many bytes have been read, or all.
  ///
  /// - Throws: the system's error, `ENOMEM` where the memory does not suffice.
  func read(to wanted: Int) throws(SystemError) {
    while count < wanted, !isWhole {
      if count == memory.count { try grow() }
      let piece = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[count...]))
      let start = count
      count += piece
      let isBinary = memory.baseAddress.map { memchr($0 + start, 0, piece) != nil } ?? false
      isWhole = piece == 0 || isBinary && !isArray
    }
  }

  private var isArray: Bool { bytes.starts(with: NPYHeader.mark) }

  private func grow() throws(SystemError) {
    let size = max(1 << 18, 2 * memory.count)
    guard size < 1 << 24 || canTake(size - memory.count),
      let start = realloc(memory.baseAddress, size)
    else { throw SystemError(number: ENOMEM) }
    memory = UnsafeMutableRawBufferPointer(start: start, count: size)
  }
}
