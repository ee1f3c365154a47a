import FoundationEssentials

/// Files that a cluster has brought to a program.
enum BroughtFile {
  /// Where such a file is: in the working folder, or in one of the folders on the PATH.
  static func path(of name: String) -> String {
    let folders =
      ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
    return ([name] + folders.map { "\($0)/\(name)" })
      .first { FileManager.default.fileExists(atPath: $0) } ?? name
  }
}
