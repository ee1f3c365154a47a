#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where an output goes.
///
/// `/dev/stdout` and its like are taken for the open file they stand for and not opened again:
/// where the shell sends standard output to a regular file, opening it anew would begin at its
/// start, and renaming would take it away from under the shell. The same goes for any other name of
/// a file that standard output or standard error leads to.
enum Destination {
  /// A file the process has open.
  case standard(Int32, name: String)
  case path(String)

  init(_ path: String?) {
    self =
      switch path {
      case nil, "-", "/dev/stdout": .standard(STDOUT_FILENO, name: "<stdout>")
      case "/dev/stderr": .standard(STDERR_FILENO, name: "<stderr>")
      case .some(let path):
        if path.hasPrefix("/dev/fd/"), let number = Int32(path.dropFirst(8)), number >= 0 {
          .standard(number, name: path)
        } else if let number = [STDOUT_FILENO, STDERR_FILENO].first(where: {
          Self.isSameFile(path, $0)
        }) {
          .standard(number, name: path)
        } else {
          .path(path)
        }
      }
  }

  private static func isSameFile(_ path: String, _ descriptor: Int32) -> Bool {
    var named = stat()
    var open = stat()
    guard stat(path, &named) == 0, fstat(descriptor, &open) == 0 else { return false }
    return named.st_dev == open.st_dev && named.st_ino == open.st_ino
  }

  /// The destination as messages show it.
  var name: String {
    switch self {
    case .standard(_, let name): name
    case .path(let path): path
    }
  }
}
