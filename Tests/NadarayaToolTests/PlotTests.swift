import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct PlotTests {
  let tool: Tool
  let base = ["plot", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1"]

  init() throws {
    tool = try Tool()
    try tool.write("x,y,z\n1,2,0\n2,3,4\n4,1,9\n", to: "data.csv")
  }

  func isWellFormed(_ svg: Data) -> Bool { XMLParser(data: svg).parse() }

  @Test func `a fit and a heatmap are well-formed pictures with words for screen readers`() throws {
    for options in [[], ["--attention"], ["-y", "z"], ["--kernel", "boxcar", "--leave-one-out"]] {
      let result = try tool.run(base + options)
      #expect(result.status == 0)
      #expect(isWellFormed(result.output))
      #expect(result.text.contains("<title") && result.text.contains("<desc"))
    }
  }

  @Test func `the file's name decides the format`() throws {
    _ = try tool.run(base + ["--output", "fit.svg"])
    #expect(try tool.read("fit.svg").hasPrefix("<svg"))
    let unknown = try tool.run(base + ["--output", "fit.jpg"])
    #expect(unknown.status == 64)
    #expect(
      unknown.error.hasPrefix("error: \"fit.jpg\" does not end in .svg, .png or .pdf\nhint: "))
    #expect(try tool.files() == ["data.csv", "fit.svg"])
  }

  static let hasConverter = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    .contains { FileManager.default.isExecutableFile(atPath: $0 + "/rsvg-convert") }

  @Test(.enabled(if: PlotTests.hasConverter, "rsvg-convert is not installed"))
  func `PNG and PDF are what they say`() throws {
    for (name, mark) in [("fit.png", "\u{89}PNG"), ("fit.pdf", "%PDF")] {
      let result = try tool.run(base + ["--output", name])
      #expect(result.status == 0)
      let bytes = try Data(contentsOf: tool.folder.appendingPathComponent(name))
      #expect(bytes.starts(with: Array(mark.unicodeScalars.map { UInt8($0.value) })))
    }
  }

  @Test func `a heatmap of more than 400 rows is drawn in cells`() throws {
    let rows = (0..<900).map { "\(Double($0 * 7919 % 900) / 90),\($0 % 5)" }
    try tool.write("x,y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
    let result = try tool.run(base + ["--attention"])
    #expect(result.status == 0)
    #expect(isWellFormed(result.output))
    for words in [
      "Mean weight in a cell", "Largest weight in a cell", "1 cell = 3 keys",
      "1 cell = 3 queries", "mean attention weight", "largest attention weight",
    ] {
      #expect(result.text.contains(words), "\(words)")
    }
    let wide = try tool.run(base + ["--attention", "--grid", "50"])
    #expect(wide.text.contains("1 cell = 3 keys") && !wide.text.contains("queries</text>"))
  }
}
