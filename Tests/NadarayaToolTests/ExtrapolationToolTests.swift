import Foundation
import Nadaraya
import Testing

@Suite struct ExtrapolationToolTests {
  let tool: Tool

  /// Readings each minute between 0.33 and 0.46, with two hours missing.
  init() throws {
    tool = try Tool()
    let rows = (0..<240).map { row in
      "\(row < 120 ? row : row + 120),\(0.395 + 0.065 * Double((row * 37) % 101 - 50) / 50)"
    }
    try tool.write("t,y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
    try tool.write("t\n100\n180\n300\n", to: "at.csv")
  }

  let base = ["data.csv", "-x", "t", "-y", "y", "--bandwidth", "1.5", "--degree", "2"]

  @Test func `extrapolations are counted in a warning and listed`() throws {
    let result = try tool.run(["predict"] + base + ["--at", "at.csv", "--diagnostics"])
    #expect(result.status == 0)
    #expect(result.error.contains("the polynomial extrapolates at 1 of 3 queries"))
    #expect(result.error.contains("--extrapolate nan leaves them out"))
    #expect(numbers(result.text, "extrapolated") == [0, 1, 0])
    let plain = try tool.run(["predict"] + base + ["--diagnostics"])
    #expect(plain.error.isEmpty)
  }

  @Test func `they are NaN on request, intervals too`() throws {
    let result = try tool.run(
      ["predict"] + base + ["--at", "at.csv", "--extrapolate", "nan", "--level", "0.95"])
    #expect(result.error.contains("extrapolates at 1 of 3 queries"))
    #expect(result.error.contains("; nan is written there"))
    let drawn = try tool.run(
      ["predict"] + base
        + ["--at", "at.csv", "--extrapolate", "nan", "--bootstrap", "20", "--gradient"])
    for text in [result.text, drawn.text] {
      let columns = text.split(separator: "\n")[0].split(separator: ",").map(String.init)
      #expect(columns.count > 4)
      for column in columns where column.hasPrefix("y_") {
        #expect(numbers(text, column).map(\.isNaN) == [false, true, false], "\(column)")
      }
    }
  }

  @Test(arguments: ["predict", "plot"])
  func `a mean has nothing to extrapolate`(command: String) throws {
    let result = try tool.run(
      [command, "data.csv", "-x", "t", "-y", "y", "--extrapolate", "nan"])
    #expect(result.status == 64)
    #expect(result.error.contains("--extrapolate needs --degree 1 to 3"))
  }

  @Test func `figures draw them dashed and say so`() throws {
    let kept = try tool.run(["plot"] + base)
    #expect(kept.error.contains("the polynomial extrapolates at"))
    #expect(kept.text.contains("stroke-dasharray"))
    #expect(kept.text.contains("dashed where it extrapolates"))
    let left = try tool.run(["plot"] + base + ["--extrapolate", "nan"])
    #expect(left.error.contains("the curve has gaps there"))
    #expect(!left.text.contains("stroke-dasharray"))
  }
}
