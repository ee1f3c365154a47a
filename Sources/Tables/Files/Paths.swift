#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A path up to and with its last slash; empty where it has none.
func folder(of path: String) -> Substring {
  path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
}

/// The path that a chain of symbolic links leads to; its last part need not exist.
func resolvingLinks(_ path: String) throws(SystemError) -> String {
  var path = path
  let most = 40
  for _ in 0..<most {
    guard let target = linkTarget(path) else { return path }
    path = target.hasPrefix("/") ? target : folder(of: path) + target
  }
  throw SystemError(number: ELOOP)
}

/// The target of a symbolic link; `nil` for anything else.
private func linkTarget(_ path: String) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
    let length = readlink(path, buffer.baseAddress!, buffer.count)
    guard length > 0 else { return nil }
    return String(decoding: UnsafeRawBufferPointer(buffer)[..<length], as: UTF8.self)
  }
}
