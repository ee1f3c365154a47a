import Foundation
import Testing

/// No command writes over what it reads, or twice to one place.
@Suite struct SameFileTests {
  let tool: Tool
  private let table = "x,y\n1,2\n2,3\n3,5\n4,4\n5,6\n"

  init() throws {
    tool = try Tool()
    try tool.write(table, to: "t.csv")
    try tool.write("x\n1.5\n2.5\n", to: "q.csv")
    symlink("t.csv", tool.folder.appendingPathComponent("link.csv").path)
    symlink("link.csv", tool.folder.appendingPathComponent("link2.csv").path)
    link(
      tool.folder.appendingPathComponent("t.csv").path,
      tool.folder.appendingPathComponent("hard.csv").path)
    try FileManager.default.createDirectory(
      at: tool.folder.appendingPathComponent("deep"), withIntermediateDirectories: false)
  }

  private static let predict = ["predict", "t.csv", "-x", "x", "-y", "y", "--bandwidth", "1"]
  private static let question = ["-x", "x", "-y", "y", "--bandwidth", "1", "--at", "q.csv"]

  /// Arguments whose output is an input.
  private static let clashes: [[String]] = [
    predict + ["-o", "t.csv"], predict + ["--output", "./t.csv"],
    predict + ["-o", "deep/../t.csv"], predict + ["-o", "link.csv"],
    predict + ["-o", "link2.csv"], predict + ["-o", "hard.csv"],
    ["predict", "link.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "-o", "hard.csv"],
    predict + ["--at", "q.csv", "-o", "q.csv"],
    predict + ["--format", "json", "-o", "t.csv"],
    ["attention", "t.csv", "-x", "x", "--bandwidth", "1", "-o", "t.csv"],
    ["attention", "t.csv", "-x", "x", "-y", "y", "--explain", "0", "-o", "link.csv"],
    ["bandwidth", "t.csv", "-x", "x", "-y", "y", "-o", "t.csv"],
    ["plot", "t.csv", "-x", "x", "-y", "y", "--format", "svg", "-o", "link.csv"],
    ["learn", "t.csv", "-x", "x", "-y", "y", "-o", "hard.csv"],
    ["predict", "--model", "t.csv", "-o", "t.csv"],
    ["plot", "--model", "t.csv", "--format", "svg", "-o", "t.csv"],
    ["partial", "t.csv", "-o", "t.csv"] + question,
    ["partial", "t.csv", "-o", "q.csv"] + question,
    ["merge", "q.csv", "t.csv", "-o", "t.csv"] + question,
    ["merge", "--sums", "t.csv", "-o", "q.csv"] + question,
    [
      "spark", "--table", "t", "-x", "x", "-y", "y", "--bandwidth", "1", "--at", "q.csv", "-o",
      "q.csv",
    ],
  ]

  @Test(arguments: clashes)
  func `an output that is an input is refused and nothing is changed`(
    _ arguments: [String]
  ) throws {
    let before = try tool.files()
    let result = try tool.run(arguments)
    #expect(result.status == 64, "\(result.error)")
    #expect(result.error.contains("read and written") || result.error.contains("same file"))
    #expect(result.text.isEmpty)
    #expect(try tool.read("t.csv") == table)
    #expect(try tool.read("q.csv") == "x\n1.5\n2.5\n")
    #expect(try tool.files() == before)
  }

  @Test func `the picture of bandwidth is refused in place of the table and beside the result`()
    throws
  {
    try FileManager.default.createSymbolicLink(
      atPath: tool.folder.appendingPathComponent("t.svg").path, withDestinationPath: "t.csv")
    let bandwidth = ["bandwidth", "t.csv", "-x", "x", "-y", "y"]
    #expect(try tool.run(bandwidth + ["--figure", "t.svg"]).status == 64)
    #expect(try tool.read("t.csv") == table)
    let both = try tool.run(bandwidth + ["-o", "new.svg", "--figure", "deep/../new.svg"])
    #expect(both.status == 64)
    #expect(both.error.contains("two results would be written to the same file"))
    #expect(try tool.run(bandwidth + ["-o", "new.csv", "--figure", "new.svg"]).status == 0)
  }

  @Test func `standard input and standard output count as the files they are`() throws {
    func shell(_ command: String) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", command]
      process.currentDirectoryURL = tool.folder
      process.environment = ["NADARAYA": Tool.binary.path]
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    let options = "-x x -y y --bandwidth 1"
    #expect(try shell("\"$NADARAYA\" predict - \(options) -o t.csv < t.csv") == 64)
    #expect(try shell("\"$NADARAYA\" predict /dev/stdin \(options) -o link.csv < t.csv") == 64)
    #expect(try shell("\"$NADARAYA\" predict t.csv \(options) >> t.csv") == 64)
    #expect(try tool.read("t.csv") == table)
    #expect(try shell("cat t.csv | \"$NADARAYA\" predict - \(options) -o t.csv") == 0)
    #expect(try tool.read("t.csv").hasPrefix("x,y_hat\n"))
    #expect(try shell("\"$NADARAYA\" predict /dev/null \(options) > /dev/null") == 65)
  }

  @Test func `through a link to another file that file is written and the link stays`() throws {
    try tool.write("old", to: "deep/other.csv")
    symlink("deep/other.csv", tool.folder.appendingPathComponent("out.csv").path)
    #expect(try tool.run(Self.predict + ["-o", "out.csv"]).status == 0)
    #expect(try tool.read("deep/other.csv").hasPrefix("x,y_hat\n"))
    let out = tool.folder.appendingPathComponent("out.csv").path
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: out) == "deep/other.csv")
  }
}
