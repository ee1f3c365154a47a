import Foundation
import Testing
import _TestSupport

/// What the deck's own code computes for seed 0, in single precision.
struct DeckFixture: Decodable {
  let trainingInputs: [Double]
  let trainingValues: [Double]
  let validationInputs: [Double]
  let truth: [Double]
  let fits: [String: [Double]]
  let weights: [String: [[Double]]]

  enum CodingKeys: String, CodingKey {
    case trainingInputs = "x_train"
    case trainingValues = "y_train"
    case validationInputs = "x_val"
    case truth = "y_val"
    case fits
    case weights
  }
}

@Suite struct DeckTests {
  let tool: Tool
  let result: Tool.Result

  init() throws {
    tool = try Tool()
    result = try tool.run("deck")
  }

  /// Sums of forty terms in single precision, of values up to 6.
  let rounding = 6 * 40 * 0x1p-24

  /// Values below 8 are rounded to floats by at most 2⁻²², and torch's sine and normal numbers are some units
  /// in the last place away from libm's.
  let torch = 1e-6

  @Test func `data, fits and weights of seed 0 are the original's`() throws {
    let original: DeckFixture = try fixture("deck-seed0.json")
    let train = try tool.read("deck/train.csv")
    #expect(numbers(train, "x") == original.trainingInputs)
    #expect(Laws.deviation(numbers(train, "y"), original.trainingValues, relativeTo: 1) <= torch)
    let fits = try tool.read("deck/fits.csv")
    #expect(numbers(fits, "x") == original.validationInputs)
    #expect(Laws.deviation(numbers(fits, "y"), original.truth, relativeTo: 1) <= torch)
    #expect(
      fits.hasPrefix(
        "x,y,gaussian,boxcar,constant,triangular,sigma_0.1,sigma_0.2,sigma_0.5,sigma_1\n"))
    let weights = columns(try tool.read("deck/weights.csv"))
    let panels = try #require(weights["panel"])
    #expect(panels.count == 8 * 50 * 40)
    for (panel, fit) in original.fits {
      #expect(Laws.deviation(numbers(fits, panel), fit, relativeTo: 1) < rounding, "\(panel)")
    }
    for row in panels.indices {
      let query = try #require(Int(weights["query"]?[row] ?? ""))
      let key = try #require(Int(weights["key"]?[row] ?? ""))
      let weight = try #require(Double(weights["weight"]?[row] ?? ""))
      let expected = try #require(original.weights[panels[row]]?[key][query])
      // A weight of σ = 0.1 carries an error of u²·2⁻²⁴ of its logarithm, u² being up to 20.
      #expect(abs(weight - expected) < 40 * 0x1p-24)
    }
  }

  @Test func `the page is whole, refers to nothing elsewhere and names what it made`() throws {
    #expect(result.status == 0)
    #expect(result.error.isEmpty)
    #expect(result.text.hasSuffix("page: deck/index.html\n"))
    #expect(result.text.split(separator: "\n").count == 10)
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: tool.folder.path + "/deck")) == [
        "index.html", "kernels.svg", "fits-by-kernel.svg", "attention-by-kernel.svg",
        "fits-by-bandwidth.svg", "attention-by-bandwidth.svg", "train.csv", "fits.csv",
        "weights.csv",
      ])
    let page = try tool.read("deck/index.html")
    #expect(page.components(separatedBy: "<svg").count == 11)
    for word in ["<script", "src=", "@import", "url(http"] { #expect(!page.contains(word)) }
    #expect(!page.contains("nan") && !page.contains("inf<"))
    let ids = page.components(separatedBy: " id=\"").dropFirst().map {
      $0.prefix { $0 != "\"" }
    }
    #expect(Set(ids).count == ids.count)
  }

  @Test(arguments: 0..<4)
  func `learning ends where the page says it does`(seed: Int) throws {
    _ = try tool.run("deck", "--seed", "\(seed)", "--output", "other")
    let page = try tool.read("other/index.html")
    // The lowest bandwidth of the path, where every point hears itself alone.
    #expect(page.contains("it ends at σ = 0.005, the edge of the range"))
    func errors(_ name: String) throws -> (leftOut: Double, toTruth: Double) {
      let row = try #require(page.components(separatedBy: "\(name)</th><td>").last)
      let cells = row.components(separatedBy: "</td>").prefix(2).map {
        Double($0.replacingOccurrences(of: "<td>", with: "")) ?? .nan
      }
      return (cells[0], cells[1])
    }
    let (plain, learned) = (try errors("one width"), try errors("learned metric"))
    #expect(learned.leftOut < plain.leftOut)
    #expect(learned.toTruth < plain.toTruth)
  }

  @Test func `the same seed gives the same bytes and another seed others`() throws {
    let again = try Tool()
    _ = try again.run("deck", "--seed", "0", "--points", "40", "--output", "deck")
    for name in ["index.html", "fits.csv", "attention-by-bandwidth.svg"] {
      #expect(try again.read("deck/\(name)") == (try tool.read("deck/\(name)")))
    }
    _ = try again.run("deck", "--seed", "-3", "--output", "a/b/other")
    #expect(try again.read("a/b/other/train.csv") != (try tool.read("deck/train.csv")))
  }

  @Test(arguments: [2, 15, 41, 300])
  func `any number of points makes a page`(count: Int) throws {
    let result = try tool.run("deck", "--points", "\(count)", "--output", "other")
    #expect(result.status == 0)
    #expect(try tool.read("other/train.csv").split(separator: "\n").count == count + 1)
  }
}
