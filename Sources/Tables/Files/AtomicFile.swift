#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An output that appears at its destination whole or not at all.
///
/// Bytes go to a file in the destination's folder that has no name, or where the system has no such files
/// one that cannot be guessed; ``commit()`` puts it in the destination's place. Where that never happens,
/// because of an error, an early return or the end of the process, whatever stood at the destination is
/// untouched and nothing is left beside it: only a file with a name can outlive `SIGKILL`, until the next
/// output in its folder. The new file has the permissions of the one it replaces, or those of any new
/// file; a symbolic link stays, and the file it leads to is replaced.
///
/// Where there is nothing to rename, bytes are written as they come: to standard output, to devices
/// such as `/dev/null`, and to named pipes.
///
/// ```swift
/// try AtomicFile.write(svg, to: "fits.svg")
/// ```
package final class AtomicFile {
  /// The destination as messages show it.
  package let name: String

  private var buffer: [UInt8] = []
  /// `nil` once committed or abandoned.
  private var descriptor: FileDescriptor?
  /// `nil` where bytes go straight to the destination.
  private var temporary: TemporaryFile?

  /// Bytes held back until there are enough for one system call.
  private static let bufferSize = 1 << 16

  /// Opens the output.
  ///
  /// - Parameter path: the destination; `nil` or `-` for standard output.
  /// - Throws: ``TableError/Code/cannotWrite``.
  package convenience init(_ path: String?) throws(TableError) {
    try self.init(path, isNamed: false)
  }

  /// - Parameter isNamed: whether the file has a name from the start even where it need not.
  init(_ path: String?, isNamed: Bool) throws(TableError) {
    let destination = Destination(path)
    name = destination.name
    do throws(SystemError) {
      switch destination {
      case .standard(let number, _):
        descriptor = FileDescriptor(borrowing: number)
      case .path(let path):
        descriptor = try Self.openUnlessRegular(path)
        if descriptor == nil {
          let temporary = try TemporaryFile(replacing: path, isNamed: isNamed)
          descriptor = try temporary.create()
          self.temporary = temporary
        }
      }
    } catch {
      throw .cannotWrite(destination.name, errno: error.number)
    }
    buffer.reserveCapacity(Self.bufferSize)
  }

  /// Whether bytes already written can be overwritten by ``overwriteStart(with:)``.
  var canOverwrite: Bool { temporary != nil }

  /// Adds bytes to the output.
  ///
  /// - Throws: ``TableError/Code/cannotWrite``; the output is abandoned then.
  /// - Precondition: ``commit()`` has not been called.
  package func write(_ bytes: [UInt8]) throws(TableError) {
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count < Self.bufferSize {
      buffer.append(contentsOf: bytes)
    } else {
      try send(bytes)
    }
  }

  /// Adds text to the output, as UTF-8.
  ///
  /// - Throws: ``TableError/Code/cannotWrite``; the output is abandoned then.
  /// - Precondition: ``commit()`` has not been called.
  package func write(_ text: String) throws(TableError) { try write(Array(text.utf8)) }

  /// Puts the output in its place.
  ///
  /// - Throws: ``TableError/Code/cannotWrite``, for the last bytes or for the renaming; the output
  ///   is abandoned then.
  /// - Precondition: called once.
  package func commit() throws(TableError) {
    try flush()
    try orAbandon { () throws(SystemError) in
      try descriptor.take()?.finish()
      try temporary?.rename()
    }
    temporary = nil
  }

  /// Replaces the first bytes of the output.
  ///
  /// - Precondition: ``canOverwrite``, and as many bytes have been written.
  func overwriteStart(with bytes: [UInt8]) throws(TableError) {
    precondition(canOverwrite, "the output \(name) cannot be overwritten")
    try flush()
    try orAbandon { () throws(SystemError) in try descriptor?.write(bytes, at: 0) }
  }

  private func flush() throws(TableError) {
    try send(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: [UInt8]) throws(TableError) {
    precondition(descriptor != nil, "the output \(name) has already been committed or abandoned")
    try orAbandon { () throws(SystemError) in try descriptor?.write(bytes) }
  }

  /// Runs system calls; abandons the output and throws where one fails.
  private func orAbandon(_ body: () throws(SystemError) -> Void) throws(TableError) {
    do throws(SystemError) {
      try body()
    } catch {
      descriptor = nil
      temporary = nil
      throw .cannotWrite(name, errno: error.number)
    }
  }

  /// Opens a device or pipe for writing; `nil` where the path names a regular file or nothing.
  private static func openUnlessRegular(_ path: String) throws(SystemError) -> FileDescriptor? {
    try isRegular(path) ? nil : try FileDescriptor(opening: path, flags: O_WRONLY)
  }

  /// Whether a path names a regular file or nothing, not a device or a pipe.
  private static func isRegular(_ path: String) throws(SystemError) -> Bool {
    // A C string ends at a zero byte: the file written would not be the one that was named.
    guard !path.utf8.contains(0) else { throw SystemError(number: ENOENT) }
    var status = stat()
    guard stat(path, &status) == 0 else { return true }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return true
    case S_IFDIR: throw SystemError(number: EISDIR)
    default: return false
    }
  }
}

extension AtomicFile {
  /// Checks that an output can be written, before hours are spent on its content.
  ///
  /// A file is made beside the destination and removed again; the destination is not touched. Standard
  /// output, devices and pipes are not asked.
  ///
  /// - Parameter path: the destination; `nil` or `-` for standard output.
  /// - Throws: ``TableError/Code/cannotWrite``.
  package static func check(_ path: String?) throws(TableError) {
    let destination = Destination(path)
    guard case .path(let path) = destination else { return }
    do throws(SystemError) {
      guard try isRegular(path) else { return }
      _ = try TemporaryFile(replacing: path).create()
    } catch {
      throw .cannotWrite(destination.name, errno: error.number)
    }
  }

  /// Writes a whole output in one call.
  ///
  /// - Parameters:
  ///   - bytes: the contents.
  ///   - path: the destination; `nil` or `-` for standard output.
  /// - Throws: ``TableError/Code/cannotWrite``.
  package static func write(_ bytes: [UInt8], to path: String?) throws(TableError) {
    let file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes a whole text, as UTF-8, in one call.
  ///
  /// - Parameters:
  ///   - text: the contents.
  ///   - path: the destination; `nil` or `-` for standard output.
  /// - Throws: ``TableError/Code/cannotWrite``.
  package static func write(_ text: String, to path: String?) throws(TableError) {
    try write(Array(text.utf8), to: path)
  }
}
