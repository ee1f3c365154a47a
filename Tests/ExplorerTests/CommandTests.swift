#if Explorer

import Foundation
import Testing

@Suite struct CommandTests {
  /// Runs the command where it is expected to end by itself.
  private func run(_ arguments: String...) throws -> (status: Int32, output: String, error: String)
  {
    let process = Process()
    let (output, error) = (Pipe(), Pipe())
    process.executableURL = ServerProcess.binary
    process.arguments = ["explore", "--no-open"] + arguments
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let texts = [output, error].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }

  @Test func `a port in use is one sentence`() throws {
    let server = try ServerProcess()
    let result = try run("--port", "\(server.port)")
    #expect(result.status == 69)
    #expect(result.output.isEmpty)
    #expect(
      result.error == """
        error: port \(server.port) is in use
        hint: --port 0 takes a free one

        """)
  }

  @Test(arguments: [
    (["nothing.csv"], 66, "nothing.csv"), (["--port", "70000"], 64, "70000"),
    (["--port", "-1"], 64, "-1"), (["-x", "z"], 64, "\"z\""), (["--degree", "4"], 64, "\"4\""),
    (["--kernel", "gausian"], 64, "\"gausian\""), (["--bandwidth", "0"], 64, "0"),
    (["--host", "192.0.2.1"], 69, "192.0.2.1"),
    (["--host", "no.such.name.invalid"], 69, "invalid"),
  ])
  func `a fault is told before anything is served`(
    arguments: [String], status: Int32, value: String
  ) throws {
    let process = Process()
    let error = Pipe()
    process.executableURL = ServerProcess.binary
    process.arguments = ["explore", "--no-open", "--port", "0"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = error
    try process.run()
    let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == status)
    #expect(text.contains("error: ") && text.contains(value), "\(text)")
  }

  @Test func `the network is warned of`() throws {
    let server = try ServerProcess("--host", "0.0.0.0")
    #expect(server.page == "http://127.0.0.1:\(server.port)/")
    #expect(server.end(by: SIGINT).status == 0)
    #expect(
      server.errors.hasPrefix("warning: everybody who can reach 0.0.0.0 over the network can"))
  }
}

#endif
