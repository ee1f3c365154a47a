import Foundation
import Testing
import _TestSupport

/// An option that takes one value is given once.
@Suite struct RepeatedOptionTests {
  /// What the tool says of itself.
  private struct Description: Decodable {
    let command: Command

    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?
    }

    struct Argument: Decodable {
      let kind: String
      let isRepeating: Bool
      let names: [Name]?
      let allValues: [String]?
    }

    struct Name: Decodable {
      let kind: String
      let name: String

      var typed: String { (kind == "long" ? "--" : "-") + name }
    }
  }

  @Test(.slow) func `every option of every command that takes one value`() throws {
    let tool = try Tool()
    let described = try JSONDecoder().decode(
      Description.self, from: tool.run("--experimental-dump-help").output)
    var tried = 0
    for command in described.command.subcommands ?? [] where command.commandName != "help" {
      for option in command.arguments ?? [] where option.kind == "option" && !option.isRepeating {
        let names = (option.names ?? []).map(\.typed)
        let first = try #require(names.first)
        let last = try #require(names.last)
        let value = option.allValues?.first ?? "1"
        // Under two of its names and in two of its forms.
        let spelled =
          last.hasPrefix("--") ? [first, value, "\(last)=\(value)"] : [first, value, last, value]
        let data = command.commandName == "partial" ? ["data.csv"] : []
        let result = try tool.run([command.commandName] + data + spelled)
        #expect(result.status == 64, "\(command.commandName) \(spelled): \(result.error)")
        #expect(
          result.error.contains("is given twice, as \"\(value)\" and as \"\(value)\""),
          "\(command.commandName) \(spelled): \(result.error)")
        tried += 1
      }
    }
    #expect(tried > 100)
  }

  @Test(arguments: [
    (["--bandwidth", "0.1", "--bandwidth", "0.5"], "--bandwidth", "0.1", "0.5"),
    (["--bandwidth=0.1", "--bandwidth=0.5"], "--bandwidth", "0.1", "0.5"),
    (["--bandwidth=0.1", "--grid", "3", "--bandwidth", "0.1"], "--bandwidth", "0.1", "0.1"),
    (["--kernel", "boxcar", "--kernel", "cosine"], "--kernel", "boxcar", "cosine"),
    (["-o", "a.csv", "--output=b.csv"], "--output", "a.csv", "b.csv"),
    (["-o=a.csv", "-o", "b.csv"], "--output", "a.csv", "b.csv"),
    (["--grid", "3", "-x", "x", "--grid=4"], "--grid", "3", "4"),
  ])
  func `the message names the option and both values`(
    options: [String], name: String, first: String, second: String
  ) throws {
    let tool = try Tool()
    try tool.write("x,y\n1,2\n2,3\n", to: "t.csv")
    let result = try tool.run(["predict", "t.csv", "-y", "y"] + options)
    #expect(result.status == 64)
    #expect(
      result.error == """
        error: \(name) is given twice, as "\(first)" and as "\(second)"
        hint: it takes only one value

        """)
    #expect(try tool.files() == ["t.csv"])
  }

  @Test func `options that may be given again still may`() throws {
    let tool = try Tool()
    try tool.write("a,b,u,v\n1,1,2,3\n2,5,3,4\n3,2,1,1\n4,4,2,2\n", to: "t.csv")
    let again = try tool.run(
      "predict", "t.csv", "-x", "a", "-x", "b", "-y", "u", "-y=v", "--bandwidth", "1")
    let once = try tool.run(
      "predict", "t.csv", "-x", "a,b", "-y", "u,v", "--bandwidth", "1")
    #expect(again.status == 0, "\(again.error)")
    #expect(again.text == once.text)
  }

  /// A value that looks like an option is a value.
  @Test func `values are not taken for options`() throws {
    let tool = try Tool()
    try tool.write("--weights,y\n1,2\n2,3\n3,4\n", to: "t.csv")
    let result = try tool.run(
      "predict", "t.csv", "-x=--weights", "--weights=y", "-y", "y", "--bandwidth", "1")
    #expect(result.status == 0, "\(result.error)")
  }
}
