#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The name of a file beside its destination, and the duty to remove it unless it is renamed.
final class TemporaryFile {
  private let path: String
  private let destination: String
  private var registration: TemporaryFileList.Registration?

  /// Chooses a name.
  ///
  /// - Parameter path: the destination: a regular file, a symbolic link to one, or nothing yet.
  init(replacing path: String) throws(SystemError) {
    let destination = try resolvingLinks(path)
    guard !destination.isEmpty else { throw SystemError(number: ENOENT) }
    guard !destination.hasSuffix("/") else { throw SystemError(number: EISDIR) }
    self.destination = destination
    self.path = "\(folder(of: destination)).nadaraya-\(randomName())"
  }

  deinit {
    guard let registration else { return }
    unlink(path)
    TemporaryFileList.shared.remove(registration)
  }

  /// Creates the file, with the permissions that the destination has or would have.
  ///
  /// - Precondition: called once.
  func create() throws(SystemError) -> FileDescriptor {
    precondition(registration == nil, "a temporary file is created once")
    let replaced = try permissions(ofExisting: destination)
    // Listed first: a signal between the two finds nothing to remove, rather than leaving a file.
    let registration = TemporaryFileList.shared.add(path)
    do throws(SystemError) {
      // What replaces a private file is private from its first byte.
      let file = try FileDescriptor(
        opening: path, flags: O_WRONLY | O_CREAT | O_EXCL,
        permissions: replaced == nil ? 0o666 : 0o600)
      self.registration = registration
      if let replaced { _ = fchmod(file.number, replaced) }
      return file
    } catch {
      TemporaryFileList.shared.remove(registration)
      throw error
    }
  }

  /// Puts the file in its destination's place.
  func rename() throws(SystemError) {
    guard moveFile(path, destination) == 0 else { throw .last }
    if let registration { TemporaryFileList.shared.remove(registration) }
    registration = nil
  }
}

/// A path up to and with its last slash; empty where it has none.
private func folder(of path: String) -> Substring {
  path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
}

/// 128 bits from the system's source of randomness, in hexadecimal.
private func randomName() -> String {
  String(UInt128.random(in: .min ... .max), radix: 16)
}

/// The permissions of an existing file that may be written; `nil` where there is none.
private func permissions(ofExisting path: String) throws(SystemError) -> mode_t? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  // Renaming asks only for the folder's permission, but a file made read-only is to stay.
  guard access(path, W_OK) == 0 else { throw .last }
  return status.st_mode & 0o7777
}

/// The path that a chain of symbolic links leads to; its last part need not exist.
private func resolvingLinks(_ path: String) throws(SystemError) -> String {
  var path = path
  let most = 40
  for _ in 0..<most {
    guard let target = linkTarget(path) else { return path }
    path = target.hasPrefix("/") ? target : folder(of: path) + target
  }
  throw SystemError(number: ELOOP)
}

/// What a symbolic link holds; `nil` for anything else.
private func linkTarget(_ path: String) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
    let length = readlink(path, buffer.baseAddress!, buffer.count)
    guard length > 0 else { return nil }
    return String(decoding: UnsafeRawBufferPointer(buffer)[..<length], as: UTF8.self)
  }
}

// Under a name that the method does not hide.
private func moveFile(_ path: String, _ destination: String) -> Int32 { rename(path, destination) }
