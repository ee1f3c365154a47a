#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The file that a name leads to.
///
/// Names are equal in this sense where they lead to one file, whichever folders, symbolic links or hard
/// links they go through, and where it is only to come, to one place. Devices, pipes and terminals have
/// no identity: what is written to them does not change what was read.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  /// The name within the folder of the two numbers, for a file that is not there yet.
  private let name: String?

  /// The file that an input comes from; nil where there is none.
  ///
  /// - Parameter input: a path, or `-` for standard input.
  package init?(input: String) {
    guard let status = input == "-" ? fileStatus(STDIN_FILENO) : fileStatus(input) else {
      return nil
    }
    self.init(status)
  }

  /// The file that an output goes to.
  ///
  /// - Parameter output: a path; nil or `-` for standard output.
  package init?(output: String?) {
    switch Destination(output) {
    case .standard(let number, _):
      guard let status = fileStatus(number) else { return nil }
      self.init(status)
    case .path(let path):
      if let status = fileStatus(path) {
        self.init(status)
      } else if let target = try? resolvingLinks(path) {
        let folder = folder(of: target)
        guard let status = fileStatus(folder.isEmpty ? "." : String(folder)) else { return nil }
        self.init(status, name: String(target[folder.endIndex...]))
      } else {
        return nil
      }
    }
  }

  private init?(_ status: stat) {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status, name: nil)
  }

  private init(_ status: stat, name: String?) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    self.name = name
  }
}

private func fileStatus(_ path: String) -> stat? {
  var status = stat()
  return !path.utf8.contains(0) && stat(path, &status) == 0 ? status : nil
}

private func fileStatus(_ number: Int32) -> stat? {
  var status = stat()
  return fstat(number, &status) == 0 ? status : nil
}
