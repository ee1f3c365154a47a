#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is to take its destination's place, and the duty to leave nothing behind unless it does.
///
/// Where the system has files without a name (`O_TMPFILE` of Linux) this is one: however the process
/// ends, by `SIGKILL` or with the machine, nothing is left. It gets a name when it is whole, that of the
/// destination where that is free. Where it is not, a file can only be replaced by one that has a name, so
/// for the moment between `linkat` and `rename` there is a hidden one beside it.
///
/// Elsewhere it has a hidden name from the start, which `exit`, signals and `deinit` remove. What a
/// process leaves that ends without notice, the next output in that folder removes (``removeLeftovers(in:)``).
final class TemporaryFile {
  private let destination: String
  private let folder: Substring
  private let isNamed: Bool

  /// The hidden name, and its place in the list of what signals remove; nil where there is none.
  private var hidden: (path: String, registration: TemporaryFileList.Registration)?

  /// The open file once more, which outlives the writer's own.
  ///
  /// It holds the lock that tells a file in
  /// use from one that was left, and what is to be linked.
  private var keeper: FileDescriptor?

  /// Chooses the place.
  ///
  /// - Parameters:
  ///   - path: the destination: a regular file, a symbolic link to one, or nothing yet.
  ///   - isNamed: whether the file has a hidden name from the start even where it need not.
  init(replacing path: String, isNamed: Bool = false) throws(SystemError) {
    let destination = try resolvingLinks(path)
    guard !destination.isEmpty else { throw SystemError(number: ENOENT) }
    guard !destination.hasSuffix("/") else { throw SystemError(number: EISDIR) }
    self.destination = destination
    self.folder = Tables.folder(of: destination)
    self.isNamed = isNamed
  }

  deinit { removeName() }

  /// Creates the file, with the permissions that the destination has or would have.
  ///
  /// - Precondition: called once.
  func create() throws(SystemError) -> FileDescriptor {
    let replaced = try permissions(ofExisting: destination)
    removeLeftovers(in: folder)
    // What replaces a private file is private from its first byte.
    let permissions: mode_t = replaced == nil ? 0o666 : 0o600
    let file: FileDescriptor
    if let unnamed = unnamed(permissions) {
      file = unnamed
    } else {
      file = try named(permissions)
    }
    if let replaced { _ = fchmod(file.number, replaced) }
    keeper = try file.duplicated()
    return file
  }

  /// Puts the file in its destination's place.
  func rename() throws(SystemError) {
    if hidden == nil {
      if link(to: destination) { return }
      guard errno == EEXIST else { throw .last }
      let path = hiddenName(in: folder)
      hidden = (path, TemporaryFileList.shared.add(path))
      guard link(to: path) else { throw .last }
    }
    guard let hidden, moveFile(hidden.path, destination) == 0 else { throw .last }
    TemporaryFileList.shared.remove(hidden.registration)
    self.hidden = nil
  }

  private func named(_ permissions: mode_t) throws(SystemError) -> FileDescriptor {
    while true {
      let path = hiddenName(in: folder)
      // Listed first: a signal between the two finds nothing to remove, rather than leaving a file.
      hidden = (path, TemporaryFileList.shared.add(path))
      do throws(SystemError) {
        let file = try FileDescriptor(
          opening: path, flags: O_WRONLY | O_CREAT | O_EXCL, permissions: permissions)
        // Another process may have taken it for left before the lock was ours.
        let isTaken = !file.lock() && errno == EWOULDBLOCK
        if !isTaken, try file.status().st_nlink > 0 { return file }
      } catch {
        removeName()
        throw error
      }
      removeName()
    }
  }

  private func removeName() {
    guard let hidden else { return }
    unlink(hidden.path)
    TemporaryFileList.shared.remove(hidden.registration)
    self.hidden = nil
  }
}

// MARK: - Files without a name

extension TemporaryFile {
  #if os(Linux)
  /// A file without a name; nil where the system or the file system has none.
  private func unnamed(_ permissions: mode_t) -> FileDescriptor? {
    guard !isNamed else { return nil }
    // `O_TMPFILE`, a macro that Swift does not import.
    let flags = O_WRONLY | O_DIRECTORY | 0o20_000_000
    guard
      let file = try? FileDescriptor(
        opening: folder.isEmpty ? "." : String(folder), flags: flags, permissions: permissions),
      // A jail without /proc could not give it a name.
      access(processPath(of: file.number), F_OK) == 0
    else { return nil }
    _ = file.lock()
    return file
  }

  /// Gives the file a name that is free; otherwise `errno` says why not.
  private func link(to path: String) -> Bool {
    guard let number = keeper?.number else { return false }
    return linkat(AT_FDCWD, processPath(of: number), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
  }

  private func processPath(of number: Int32) -> String { "/proc/self/fd/\(number)" }
  #else
  private func unnamed(_ permissions: mode_t) -> FileDescriptor? { nil }

  private func link(to path: String) -> Bool { false }
  #endif
}

/// The permissions of an existing file that may be written; `nil` where there is none.
private func permissions(ofExisting path: String) throws(SystemError) -> mode_t? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  // Renaming asks only for the folder's permission, but a file made read-only is to stay.
  guard access(path, W_OK) == 0 else { throw .last }
  return status.st_mode & 0o7777
}

// Under a name that the method does not hide.
private func moveFile(_ path: String, _ destination: String) -> Int32 { rename(path, destination) }
