import ExplorerViews
import Foundation
import Nadaraya
import NadarayaTool
import Tables
import Testing
import _TestSupport

@Suite struct ReproductionTests {
  private let terminal: Terminal

  init() throws { terminal = try Terminal() }

  /// The columns of numbers of a CSV text without quotes.
  private func columns(_ text: String) -> [[Double]] {
    let rows = text.split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    return rows.first.map { $0.indices.map { column in rows.map { $0[column] } } } ?? []
  }

  /// Tool and view ask the same library, rows in another order: 1e-11 of the values, here at most 30.
  private func isClose(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { ($0.isNaN && $1.isNaN) || ($0 - $1).magnitude <= 3e-10 }
  }

  private static let names = [
    "a", "b,c", "100%", "it's \"x\"", "größe λ", "-v", "x y", "$(exit 3)", "p=q&r", "-w=1", " e ",
    "z,z", "`\\`",
  ]

  @Test(.slow, arguments: names)
  func `the command draws the picture, with the numbers of the view`(name: String) throws {
    var random = Random(seed: 3)
    let x = (0..<50).map { _ in random.uniform() }
    let z = (0..<50).map { _ in random.uniform() }
    let text = TableWriter.csv([
      (name, .numbers(x)), ("z", .numbers(z)), ("y", .numbers(zip(x, z).map { $0 * 3 - $1 })),
    ])
    try terminal.write(text, to: "-da'ta.csv")
    let table = try ExploredTable(.bytes(Array(text.utf8), name: "-da'ta.csv"))
    let exploration = Exploration(table)
    for inputs in [[name], [name, "z"], ["z", name]] {
      let fit = try exploration.fit([
        "x": NameListText.of(inputs), "over": name, "y": "y", "weights": "z", "degree": "1",
        "kernel": "biweight", "width": "300", "h": inputs.map { _ in "0.6" }.joined(separator: ","),
      ])
      let drawn = try terminal.run(fit.command)
      #expect(drawn.status == 0, "\(fit.command): \(drawn.error)")
      #expect(try terminal.read("fit.svg").hasPrefix("<svg"))
      let held = fit.view["at"].map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      try terminal.write(
        TableWriter.csv(
          inputs.enumerated().map { input, own in
            (
              own,
              .numbers(
                own == name
                  ? fit.curve.x : fit.curve.x.map { _ in Double(held?[input] ?? "") ?? .nan })
            )
          }), to: "queries.csv")
      let numbers = try terminal.run(
        fit.command.replacing("nadaraya plot", with: "nadaraya predict")
          .replacing(/\ --grid \d+/, with: "").replacing(
            "--output fit.svg", with: "--at queries.csv"))
      #expect(numbers.status == 0, "\(numbers.error)")
      let lines = columns(numbers.output)
      #expect(isClose(lines[inputs.count], fit.curve.estimate.values))
      #expect(isClose(lines[inputs.count + 3], try #require(fit.curve.lower).values))
    }
  }

  @Test func `inputs held elsewhere give the numbers`() throws {
    let exploration = Exploration(try twoInputs(60))
    let rows = try exploration.columns(["a", "b", "y"])
    try terminal.write(
      TableWriter.csv([
        ("a", .numbers(rows[0])), ("b", .numbers(rows[1])), ("y", .numbers(rows[2])),
      ]),
      to: "table.csv")
    let fit = try exploration.fit(["x": "a,b", "over": "b", "at": "0.25,", "h": "1,0.5"])
    let result = try terminal.run(fit.command)
    #expect(result.status == 0, "\(fit.command): \(result.error)")
    let lines = columns(result.output)
    #expect(lines[0].allSatisfy { $0 == 0.25 })
    // Places are reckoned by another program: a few units in the last place.
    // Four hundred even places, each a few roundings of numbers up to 7.
    #expect(zip(lines[1], fit.curve.x).allSatisfy { ($0 - $1).magnitude < 1e-14 })
    #expect(isClose(lines[2], fit.curve.estimate.values))
  }

  @Test func `the deck's command writes its data first`() throws {
    let fit = try Exploration(.deck()).fit(["h": "0.4"])
    let result = try terminal.run(fit.command)
    #expect(result.status == 0, "\(result.error)")
    #expect(try terminal.read("fit.svg").hasPrefix("<svg"))
  }

  /// The snippet is the code of this view, so that what views give is known to compile.
  @Test func `the program is a snippet, and prints the numbers of the view`() throws {
    let fit = try Exploration(.deck()).fit(["h": "0.8", "degree": "1"])
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Snippets/Exploration.swift")
    #expect(fit.code == (try String(contentsOf: source, encoding: .utf8)))
    let result = try terminal.run("Exploration")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n").map {
      $0.split(separator: " ").map { Double($0) ?? .nan }
    }
    #expect(isClose(lines.map { $0[0] }, fit.curve.x))
    #expect(isClose(lines.map { $0[1] }, fit.curve.estimate.values))
    #expect(isClose(lines.map { $0[3] }, try #require(fit.curve.upper).values))
  }
}
