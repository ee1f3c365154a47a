import Foundation
import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    "", "deck", "predict", "bandwidth", "attention", "plot", "learn", "explore", "spark", "partial",
    "merge",
  ])
  func `help is the text on file`(command: String) throws {
    let result = try Tool().run(
      command.isEmpty ? ["--help"] : [command, "--help"], environment: ["COLUMNS": "80"])
    #expect(result.status == 0)
    #expect(result.error.isEmpty)
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/help\(command.isEmpty ? "" : "-" + command).txt")
    #expect(result.text == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions know the commands and the kernels`(shell: String) throws {
    let result = try Tool().run("--generate-completion-script", shell)
    #expect(result.status == 0)
    for word in ["predict", "attention", "epanechnikov", "leave-one-out"] {
      #expect(result.text.contains(word))
    }
  }

  @Test func `the version is a number`() throws {
    #expect(try Tool().run("--version").text.split(separator: ".").count == 3)
  }
}
