import Foundation
import Nadaraya
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct PlotKindTests {
  let tool: Tool
  let ages = [20.0, 25, 31, 36, 42, 47, 55, 60]
  let hours = [40.0, 30, 35, 38, 41, 20, 44, 36]
  let trades = ["smith", "baker", "smith", "baker", "smith", "smith", "baker", "smith"]
  let wages = [12.0, 17, 16, 23, 21, 19, 26, 18]

  init() throws {
    tool = try Tool()
    let rows = ages.indices.map { "\(ages[$0]),\(hours[$0]),\(trades[$0]),\(wages[$0])" }
    try tool.write("age,hours,trade,wage\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  let oneInput = ["plot", "data.csv", "-x", "age", "-y", "wage", "--bandwidth", "8"]
  let mixed = [
    "plot", "data.csv", "-x", "age,hours", "--factor", "trade", "-y", "wage", "--bandwidth",
    "8,6,0.2",
  ]

  /// The words of a picture, lines joined.
  func words(_ result: Tool.Result) -> String {
    #expect(result.status == 0)
    #expect(XMLParser(data: result.output).parse())
    return result.text.replacing(/<[^>]*>/, with: " ").replacing(/\s+/, with: " ")
  }

  @Test func `intervals are named with kind and level, and what they are centred on`() throws {
    for (options, name, sentence) in [
      (
        ["--level", "0.9"], "90 % confidence interval", "centred on the bias-corrected estimate"
      ),
      (["--band"], "95 % confidence band", "The simultaneous 95 %"),
      (["--prediction", "--level", "0.5"], "50 % prediction interval", "for new values"),
    ] {
      let words = words(try tool.run(oneInput + options))
      #expect(words.contains(name) && words.contains(sentence))
    }
    let centre = "fit corrected for bias"
    #expect(words(try tool.run(oneInput + ["--level", "0.9"])).contains(centre))
    #expect(!words(try tool.run(oneInput)).contains(centre))
  }

  @Test func `the curve is the estimate, whatever intervals go with it`() throws {
    /// The heights of the fit as shares of their range, which no axis changes.
    func curve(_ options: [String]) throws -> [Double] {
      let picture = try tool.run(oneInput + options).text
      // Of the lines of its width the fit is the one with many points; the other is in the legend.
      let lines = picture.split(separator: "\n").filter { $0.contains("stroke-width=\"2.2\"") }
      let path = lines.max { $0.count < $1.count }?.split(separator: "\"").dropFirst().first ?? ""
      let numbers = path.matches(of: /-?[0-9]*\.?[0-9]+/).compactMap { Double($0.output) }
      var height = 0.0
      let heights = stride(from: 1, to: numbers.count, by: 2).map { place in
        height += numbers[place]
        return height
      }
      let (least, greatest) = (heights.min() ?? 0, heights.max() ?? 0)
      return heights.map { ($0 - least) / (greatest - least) }
    }
    let plain = try curve([])
    #expect(plain.count == 400)
    for options in [["--level", "0.99"], ["--prediction", "--level", "0.5"]] {
      let other = try curve(options)
      // Places are written to hundredths of a pixel, of which the curve spans a hundred and more.
      #expect(other.count == 400)
      #expect(zip(plain, other).allSatisfy { ($0 - $1).magnitude < 1e-3 })
    }
  }

  @Test func `intervals that are not finite leave gaps and are counted`() throws {
    // Eight rows have no score of rank 9 · 0.005 < 1.
    let result = try tool.run(oneInput + ["--prediction", "--level", "0.99"])
    let words = words(result)
    #expect(words.contains("There is no finite interval at 400 of 400 places."))
    // What is not drawn is neither in the legend nor told of.
    #expect(!words.contains("prediction interval"))
    #expect(result.error.contains("400 of 400 queries have an infinite interval"))
  }

  @Test func `partial plots say at what the other inputs are held`() throws {
    let words = words(try tool.run(mixed + ["--level", "0.9"]))
    // The middle of 36 and 42, that of 36 and 38, five smiths of eight.
    #expect(words.contains("age 39, hours 37, trade “smith”"))
    for name in ["age", "hours", "trade", "baker", "90 % confidence interval"] {
      #expect(words.contains(name))
    }
  }

  @Test func `rows without weight have no say in where inputs are held`() throws {
    let rows = ages.indices.map { "\(ages[$0]),\(hours[$0]),\(wages[$0]),\($0 < 3 ? 1 : 0)" }
    try tool.write("age,hours,wage,w\n" + rows.joined(separator: "\n") + "\n", to: "weighted.csv")
    let words = words(
      try tool.run(
        "plot", "weighted.csv", "-x", "age,hours", "-y", "wage", "--weights", "w", "--bandwidth",
        "9"))
    #expect(words.contains("age 25, hours 35"))
  }

  @Test func `a factor beside one input gives a curve for each level`() throws {
    let options = [
      "plot", "data.csv", "-x", "age", "--factor", "trade", "-y", "wage", "--bandwidth", "9,0.1",
    ]
    let words = words(try tool.run(options))
    #expect(words.contains("wage by age and trade"))
    #expect(words.contains("smith") && words.contains("baker"))
    for more in [["--leave-one-out"], ["--at", "data.csv"], ["--grid", "5", "--band"]] {
      _ = self.words(try tool.run(options + more))
    }
  }

  @Test func `a factor alone gives its levels`() throws {
    let options = ["plot", "data.csv", "--factor", "trade", "-y", "wage", "--bandwidth", "0.1"]
    let words = words(try tool.run(options))
    #expect(words.contains("smith") && words.contains("baker") && words.contains("estimate"))
    for more in [["--level", "0.9"], ["--prediction", "--level", "0.5"]] {
      #expect(self.words(try tool.run(options + more)).contains("interval"))
    }
  }

  @Test func `bandwidths from nearest keys draw too`() throws {
    let options = ["plot", "data.csv", "-x", "age", "-y", "wage", "--neighbors", "3"]
    for more in [
      [], ["--residuals"], ["--bootstrap", "20"], ["--prediction", "--bootstrap", "20"],
    ] {
      let result = try tool.run(options + more)
      guard !more.contains("--prediction") else {
        #expect(result.status == 64)
        continue
      }
      #expect(words(result).contains("3 neighbors of each query"))
    }
    #expect(try tool.run(options + ["--level", "0.9"]).status == 64)
  }

  @Test func `residuals are drawn over the input, or over the fit where there are several`() throws
  {
    let over = words(try tool.run(oneInput + ["--residuals", "--degree", "1"]))
    #expect(over.contains("residual of wage") && over.contains("smooth of the residuals"))
    #expect(!over.contains("fit of wage"))
    #expect(words(try tool.run(mixed + ["--residuals"])).contains("fit of wage"))
    let few = try Tool()
    try few.write("x,y\n1,2\n2,3\n", to: "data.csv")
    let two = try few.run(
      "plot", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "1", "--residuals")
    #expect(words(two).contains("too few rows to smooth"))
  }

  @Test func `options that ask for no figure are refused in a sentence`() throws {
    for (options, message) in [
      (oneInput + ["--residuals", "--attention"], "--residuals and --attention are two figures"),
      (oneInput + ["--residuals", "--grid", "9"], "--residuals draws the rows"),
      (
        oneInput + ["--attention", "--band"], "--attention draws no fit, so there are no intervals"
      ),
      (
        oneInput + ["--leave-one-out", "--level", "0.9"],
        "intervals cannot be combined with --leave-one-out"
      ),
      (
        mixed + ["--leave-one-out"],
        "--leave-one-out cannot be drawn along a single input"
      ),
      (mixed + ["--at", "data.csv"], "--at cannot be drawn along a single input"),
    ] {
      let result = try tool.run(options)
      #expect(result.status == 64 && result.output.isEmpty)
      #expect(result.error.hasPrefix("error: " + message))
    }
  }
}
