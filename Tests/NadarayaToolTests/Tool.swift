import Foundation

/// The built binary, run in a folder of its own that is removed afterwards.
final class Tool {
  let folder: URL

  struct Result {
    let status: Int32
    let output: Data
    let error: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("nadaraya-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// It stands beside the test bundle.
  static let binary = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("nadaraya")

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// Everything in the folder, hidden files too.
  func files() throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  }

  func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    try run(arguments, input: input, environment: environment)
  }

  func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    // Files and not pipes, which a process can fill up while nobody reads them.
    let streams = FileManager.default.temporaryDirectory
      .appendingPathComponent("nadaraya-streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: streams) }
    func handle(_ name: String, _ contents: String = "") throws -> FileHandle {
      let url = streams.appendingPathComponent(name)
      try Data(contents.utf8).write(to: url)
      return try FileHandle(forUpdating: url)
    }
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, error) = (try handle("output"), try handle("error"))
    process.standardInput = try handle("input", input ?? "")
    process.standardOutput = output
    process.standardError = error
    try process.run()
    process.waitUntilExit()
    try output.seek(toOffset: 0)
    try error.seek(toOffset: 0)
    return Result(
      status: process.terminationStatus, output: try output.readToEnd() ?? Data(),
      error: String(decoding: try error.readToEnd() ?? Data(), as: UTF8.self))
  }
}

/// The rows of a CSV text without quotes, by column.
func columns(_ text: String) -> [String: [String]] {
  let rows = text.split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  guard let header = rows.first else { return [:] }
  return Dictionary(
    uniqueKeysWithValues: header.enumerated().map { index, name in
      (name, rows.dropFirst().map { $0[index] })
    })
}

func numbers(_ text: String, _ name: String) -> [Double] {
  (columns(text)[name] ?? []).compactMap(Double.init)
}
