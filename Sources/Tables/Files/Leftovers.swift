#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An unguessable name in a folder, which contains the machine's own name.
func hiddenName(in folder: Substring) -> String {
  folder + hiddenPrefix + String(UInt128.random(in: .min ... .max), radix: 16)
}

/// Removes the hidden files that processes which ended without notice left in a folder.
///
/// Whose file is in use is told by its lock, which the system drops with the process; no process number
/// can be taken for another's. A lock need not reach other machines that write to the same folder over a
/// network, so only files with this machine's name are looked at. Where a file system has no locks,
/// nothing is removed.
///
/// - Complexity: O(files in the folder), 10,000 of them at most: a run into a folder of millions is not
///   to wait for what is rarely there.
func removeLeftovers(in folder: Substring) {
  guard let entries = opendir(folder.isEmpty ? "." : String(folder)) else { return }
  defer { closedir(entries) }
  let prefix = hiddenPrefix
  for _ in 0..<10_000 {
    guard let entry = readdir(entries) else { return }
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      bytes.starts(with: prefix.utf8)
        ? String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) : nil
    }
    guard let name,
      let file = try? FileDescriptor(
        opening: folder + name, flags: O_RDWR | O_NOFOLLOW | O_NONBLOCK),
      let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG, file.lock()
    else { continue }
    unlink(folder + name)
  }
}

/// How the names of hidden files begin on this machine.
private let hiddenPrefix: String = {
  var bytes = [CChar](repeating: 0, count: 256)
  _ = gethostname(&bytes, bytes.count - 1)
  let name = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  let plain = String(decoding: name, as: UTF8.self).prefix(60).map { character in
    character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
  }
  return ".nadaraya-\(String(plain))-"
}()
