import FoundationEssentials
import Tables

/// A temporary folder that is removed at the end.
final class TemporaryFolder {
  private let url: URL

  init() throws(Failure) {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("nadaraya-\(String(UInt128.random(in: .min ... .max), radix: 16))")
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(.cannotWrite, "cannot create the folder \"\(url.path)\": \(error)")
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, and says where.
  func write(_ bytes: some Collection<UInt8>, to name: String) throws(Failure) -> String {
    let file = url.appendingPathComponent(name)
    do {
      try Data(bytes).write(to: file)
      return file.path
    } catch {
      throw Failure(.cannotWrite, "cannot write \"\(file.path)\": \(error)")
    }
  }

  /// Writes a file that is shipped, and says where.
  func write(_ file: ShippedFile) throws(Failure) -> String { try file.write(to: url.path) }
}

extension ShippedFile {
  /// Writes the file under its name, for executors to run or to read, and says where.
  func write(to folder: String) throws(Failure) -> String {
    let path = URL(fileURLWithPath: folder).appendingPathComponent(name).path
    do throws(TableError) {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw Failure(error)
    }
    try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }
}
