import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct CriterionFigureTests {
  let tool: Tool
  let base = ["bandwidth", "data.csv", "-x", "x", "-y", "y"]

  init() throws {
    tool = try Tool()
    try tool.write(
      "x,z,t,y\n0,1,a,1\n1,5,b,2\n2,2,a,2.5\n3,4,a,1.5\n10,3,b,3\n", to: "data.csv")
  }

  func words(_ name: String) throws -> String {
    let picture = try tool.read(name)
    #expect(XMLParser(data: Data(picture.utf8)).parse())
    return picture.replacing(/<[^>]*>/, with: " ").replacing(/\s+/, with: " ")
  }

  @Test(arguments: ["loo", "gcv", "aicc"])
  func `the figure goes beside a result that stays as it is`(method: String) throws {
    let options = base + ["--bandwidth", method, "--format", "json"]
    let plain = try tool.run(options)
    let drawn = try tool.run(options + ["--figure", "criterion.svg"])
    #expect(plain.status == drawn.status && plain.text == drawn.text)
    guard plain.status == 0 else { return }
    let words = try words("criterion.svg")
    #expect(words.contains("chosen") && words.contains("h = "))
  }

  @Test func `bandwidths that leave rows without support are shaded, and the rows counted`() throws
  {
    // The first boxcar that reaches from 10 to 3 is 7 wide; a fifth of the axis under it ends at
    // 7/(80/7)^(1/4) > 3, where all other rows have a neighbour.
    _ = try tool.run(base + ["--kernel", "boxcar", "--figure", "criterion.svg"])
    let words = try words("criterion.svg")
    #expect(words.contains("no criterion where shaded: up to 1 of 5 rows without support"))
    #expect(words.contains("flat minimum"))
  }

  @Test func `every input has a panel, labels too`() throws {
    let result = try tool.run(
      "bandwidth", "data.csv", "-x", "x,z", "--factor", "t", "-y", "y", "--figure", "all.svg")
    #expect(result.status == 0)
    let words = try words("all.svg")
    for label in [
      "bandwidth h of x", "bandwidth h of z", "λ of t", "keeps the others as chosen",
    ] {
      #expect(words.contains(label))
    }
  }

  @Test func `a figure of nothing is refused before anything is computed`() throws {
    for (options, message) in [
      (["--bandwidth", "rule-of-thumb", "--figure", "a.svg"], "rule-of-thumb is a formula"),
      (["--path", "5", "--figure", "a.svg"], "--figure draws the result of a search"),
      (["--figure", "a.jpg"], "\"a.jpg\" does not end in .svg, .png or .pdf"),
    ] {
      let result = try tool.run(base + options)
      #expect(result.status == 64 && result.output.isEmpty)
      #expect(result.error.hasPrefix("error: " + message))
    }
    #expect(try tool.files() == ["data.csv"])
  }
}
