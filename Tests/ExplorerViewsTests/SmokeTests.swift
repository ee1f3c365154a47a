import ExplorerViews
import Foundation
import Nadaraya
import Testing

@Suite struct SmokeTests {
  @Test func `all answers of the deck`() throws {
    let exploration = Exploration(.deck())
    let view = try exploration.view(["query": "2", "residuals": "1"])
    let folder = "/tmp/w/views/"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let fit = try exploration.fit(view, execution: Execution())
    try fit.figures.fit.svg.write(toFile: folder + "fit.svg", atomically: true, encoding: .utf8)
    try fit.figures.attention.svg.write(
      toFile: folder + "attention.svg", atomically: true, encoding: .utf8)
    try fit.figures.residuals?.svg.write(
      toFile: folder + "residuals.svg", atomically: true, encoding: .utf8)
    let path = try exploration.path(view, points: 80, execution: Execution())
    try path.figure.svg.write(toFile: folder + "path.svg", atomically: true, encoding: .utf8)
    let attention = try exploration.attention(view, execution: Execution())
    try attention.figure.svg.write(
      toFile: folder + "weights.svg", atomically: true, encoding: .utf8)
    let learned = try exploration.learned(view, execution: Execution())
    try learned.figure.svg.write(toFile: folder + "learned.svg", atomically: true, encoding: .utf8)
    let predictions = try exploration.predictions(
      view, queries: [[1], [2]], execution: Execution())
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let all: [any Encodable] = [
      fit, path, attention, learned, predictions, try exploration.table.summary,
    ]
    for (i, a) in all.enumerated() {
      try encoder.encode(a).write(to: URL(fileURLWithPath: folder + "\(i).json"))
    }
    print(try exploration.fitTable(view, execution: Execution()).prefix(300))
    print(try exploration.weightsTable(view, execution: Execution()).prefix(300))
    let p = fit.figures
    #expect(p.fit.places[0].x == p.attention.places[0].x)
    #expect(p.fit.places[0].width == p.attention.places[0].width)
    #expect(p.fit.places[0].width == p.residuals?.places[0].width)
  }
}
