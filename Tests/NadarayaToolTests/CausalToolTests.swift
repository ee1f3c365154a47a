import Foundation
import Nadaraya
import Testing
import _TestSupport

@Suite struct CausalToolTests {
  let tool: Tool
  let keys = [0, 0.625, 1.25, 1.875, 2.25, 3.125, 3.25, 4.75]
  let values = [1.0, 3.5, 2.25, -1, 0.5, 4, 4.5, 7.125]

  init() throws {
    tool = try Tool()
    let rows = zip(keys, values).map { "\($0),\($1)" }
    try tool.write("x,y\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  @Test func `predictions are those of the causal estimator`() throws {
    let estimator = try KernelSmoother(
      Sample(keys, values), Similarity(bandwidths: [0.5]), isCausal: true)
    let base = ["predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.5", "--causal"]
    let result = try tool.run(base)
    #expect(result.error.isEmpty)
    #expect(numbers(result.text, "y_hat") == (try estimator.predict(keys)))
    // The first row has nothing before it, and says so.
    let left = try tool.run(base + ["--leave-one-out"])
    #expect(
      numbers(left.text, "y_hat").dropFirst()
        == (try estimator.predict(at: .leaveOneOut).values)[1...])
    #expect(left.error.contains("no key supports 1 of 8 queries"))
    #expect(left.error.contains("hint: the earliest queries may have no key before them"))
  }

  @Test func `a figure says that later keys do not count`() throws {
    for options in [[], ["--attention"], ["--residuals"]] {
      let figure = try tool.run(
        ["plot", "data.csv", "-x", "x", "-y", "y", "--bandwidth", "0.5", "--causal"] + options)
      #expect(figure.text.contains("attending to no later keys"))
    }
  }

  @Test func `the chosen bandwidth leaves the first row out`() throws {
    let selection = try Bandwidths.select(.leaveOneOut, for: Sample(keys, values), isCausal: true)
    let result = try tool.run(
      "bandwidth", "data.csv", "-x", "x", "-y", "y", "--causal", "--verbose")
    #expect(numbers(result.text, "bandwidth").contains(selection.bandwidths[0]))
    #expect(result.error.contains("first rows: 1 row that no other precedes"))
  }

  @Test func `neighbors and labels alone have no time`() throws {
    let neighbors = try tool.run(
      "predict", "data.csv", "-x", "x", "-y", "y", "--neighbors", "3", "--causal")
    #expect(neighbors.status == 64)
    let labels = try tool.run(
      "predict", "data.csv", "--factor", "x", "-y", "y", "--bandwidth", "0.1", "--causal")
    #expect(labels.status != 0)
    #expect(labels.error.contains("causal attention needs a continuous input"))
  }

  /// A calm first half, and a second half that a narrow window follows.
  private func series(_ count: Int) throws -> String {
    let rows = (0..<count).map { row in
      let time = Double(row) / 8
      let wave = row < 80 ? time / 10 : 5 * Double(row % 7)
      return "\(time),\(wave + Double(row * row * 37 % 101) / 101)"
    }
    let name = "series\(count).csv"
    try tool.write("t,v\n" + rows.joined(separator: "\n") + "\n", to: name)
    return name
  }

  @Test(arguments: [[], ["--degree", "1"], ["--kernel", "tricube", "--diagnostics"]])
  func `with a chosen bandwidth later rows change no earlier line`(options: [String]) throws {
    let (early, late) = (try series(80), try series(200))
    func lines(_ table: String, _ more: [String] = []) throws -> [Substring] {
      let result = try tool.run(
        ["predict", table, "-x", "t", "-y", "v", "--causal", "--at", early] + options + more)
      #expect(!result.error.contains("later"))
      return result.text.split(separator: "\n")
    }
    let before = try lines(early)
    #expect(before.count == 81)
    #expect(try lines(late) == before)
    let verbose = try tool.run(
      ["predict", late, "-x", "t", "-y", "v", "--causal", "--verbose"] + options)
    #expect(verbose.error.contains("bandwidth: chosen as time goes on, "))
    #expect(!verbose.error.contains("bandwidth: chosen as time goes on, nan"))
  }

  @Test(.slow) func `where one bandwidth is chosen from all rows a warning says so`() throws {
    try tool.write("t,z,f,v\n1,2,a,3\n2,1,b,4\n3,3,a,1\n4,0,b,6\n5,2,a,2\n", to: "mixed.csv")
    let table = try series(80)
    let word = "chosen from all rows, including later ones"
    let cases = [
      ["predict", "mixed.csv", "-x", "t,z", "-y", "v"],
      ["predict", "mixed.csv", "-x", "t", "--factor", "f", "-y", "v"],
      ["predict", table, "-x", "t", "-y", "v", "--bandwidth", "gcv"],
      ["predict", table, "-x", "t", "-y", "v", "--bandwidth", "rule-of-thumb"],
      ["predict", table, "-x", "t", "-y", "v", "--prediction"],
      ["plot", table, "-x", "t", "-y", "v", "--attention"],
      ["plot", table, "-x", "t", "-y", "v", "--bandwidth", "aicc"],
      ["attention", table, "-x", "t", "-y", "v", "--top", "1"],
      ["bandwidth", table, "-x", "t", "-y", "v"],
    ]
    for arguments in cases {
      let causal = try tool.run(arguments + ["--causal"])
      #expect(causal.status == 0 && causal.error.contains(word), "\(arguments)")
      #expect(try !tool.run(arguments).error.contains(word))
    }
    let given = try tool.run(
      "predict", table, "-x", "t", "-y", "v", "--causal", "--bandwidth", "2")
    #expect(!given.error.contains(word))
    let prediction = try tool.run(
      "predict", table, "-x", "t", "-y", "v", "--causal", "--bandwidth", "2", "--prediction")
    #expect(prediction.error.contains("prediction intervals are calibrated on all rows"))
  }

  @Test func `intervals and figures follow the bandwidth of each time`() throws {
    let table = try series(80)
    let plain = try tool.run("predict", table, "-x", "t", "-y", "v", "--causal")
    let level = try tool.run(
      "predict", table, "-x", "t", "-y", "v", "--causal", "--level", "0.9")
    #expect(numbers(level.text, "v_hat") == numbers(plain.text, "v_hat"))
    #expect(level.text.hasPrefix("t,v_hat,v_centre,v_se"))
    for options in [[], ["--residuals"], ["--level", "0.9"]] {
      let figure = try tool.run(["plot", table, "-x", "t", "-y", "v", "--causal"] + options)
      #expect(figure.status == 0 && figure.text.contains("chosen as time goes on"))
    }
  }
}
