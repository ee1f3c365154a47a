import FoundationEssentials

/// A folder of one's own that is gone afterwards.
final class TemporaryFolder {
  private let url: URL

  init() throws(Failure) {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("nadaraya-\(String(UInt128.random(in: .min ... .max), radix: 16))")
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(.cannotWrite, "cannot make the folder \"\(url.path)\": \(error)")
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

  func makeExecutable(_ path: String) {
    try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }
}
