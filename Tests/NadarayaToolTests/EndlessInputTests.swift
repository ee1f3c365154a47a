import Foundation
import Testing

/// Inputs without end and memory without enough: a sentence and an exit code, never an abort.
@Suite struct EndlessInputTests {
  private func shell(_ command: String) throws -> (status: Int32, error: String) {
    let tool = try Tool()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = tool.folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["NADARAYA": Tool.binary.path]
    ) { $1 }
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let error = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(try tool.files() == [])
    return (process.terminationStatus, error)
  }

  @Test(
    arguments: [
      (#""$NADARAYA" predict /dev/zero -x x -y y -o out.csv"#, 65, "a NUL byte"),
      (#""$NADARAYA" predict - -x x -y y -o out.csv < /dev/zero"#, 65, "a NUL byte"),
      (#"yes | "$NADARAYA" predict - -x x -y y -o out.csv"#, 65, "no column \"x\""),
      (#"yes | "$NADARAYA" predict - -x y -y y -o out.csv"#, 65, "<stdin>:2: column \"y\": \"y\""),
      (
        #"(echo x,y; yes 1,2,3) | "$NADARAYA" bandwidth - -x x -y y"#, 65,
        "<stdin>:2: the row has 3 fields"
      ),
      (#""$NADARAYA" predict --model /dev/zero --at /dev/null"#, 65, "/dev/zero"),
      (#""$NADARAYA" merge /dev/zero -x x -y y --bandwidth 1 --at /dev/null"#, 65, "/dev/null"),
      (
        #"(echo x; seq 2) | "$NADARAYA" predict - -x x -y x --bandwidth 1 --at /dev/zero"#, 65,
        "a NUL byte"
      ),
    ] as [(String, Int32, String)])
  func `an input without end is refused for what it is`(
    command: String, status: Int32, words: String
  ) throws {
    let result = try shell(command)
    #expect(result.status == status, "\(result.error)")
    #expect(result.error.hasPrefix("error: ") && result.error.contains(words), "\(result.error)")
  }

  #if os(Linux)
  @Test func `a stream that is well and never ends ends with the memory`() throws {
    let result = try shell(#"ulimit -v 250000; yes 1 | "$NADARAYA" predict --model -"#)
    #expect(result.status == 71, "\(result.error)")
    #expect(result.error.hasPrefix("error: there is not enough memory"), "\(result.error)")
  }

  @Test func `a computation that is refused memory ends with a sentence`() throws {
    // The queries alone are 400 MB.
    let result = try shell(
      "(echo x; seq 20) | (ulimit -v 300000; \"$NADARAYA\" predict - -x x -y x --bandwidth 1 "
        + "--grid 50000000 -o out.csv)")
    #expect(result.status == 71, "\(result.error)")
    #expect(result.error.contains("memory"))
  }
  #endif
}
