import Foundation
import Testing
import _TestSupport

/// Value columns with bandwidths of their own, and choices that are warned of.
@Suite struct OwnBandwidthTests {
  let tool: Tool

  init() throws {
    tool = try Tool()
    // A slow curve beside a fast one, and one on which x has no bearing.
    let rows = (0..<60).map { row in
      let x = Double(row) / 10
      let noise = Double(row * row * 37 % 101) / 101
      return "\(x),\(x * x / 8 + noise),\(sin(4 * x) + noise / 4),\(Double(row * 61 % 89) / 89)"
    }
    try tool.write("x,slow,fast,none\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  private func predict(_ values: String, _ options: [String] = []) throws -> Tool.Result {
    try tool.run(["predict", "data.csv", "-x", "x", "-y", values, "--grid", "9"] + options)
  }

  @Test(
    .slow,
    arguments: [
      [], ["--diagnostics"], ["--degree", "1", "--gradient", "--level", "0.9"],
      ["--kernel", "tricube", "--bandwidth", "aicc"], ["--neighbors", "loo"],
      ["--causal"], ["--normalization", "sparsemax"], ["--bandwidth", "plug-in", "--degree", "1"],
    ])
  func `each value is predicted as if it were alone`(options: [String]) throws {
    let both = try predict("slow,fast", options)
    #expect(both.status == 0, "\(both.error)")
    for value in ["slow", "fast"] {
      let alone = try predict(value, options)
      for (name, column) in columns(alone.text) where name != "x" {
        let joined = ["effective_n", "nearest"].contains(name) ? "\(value)_\(name)" : name
        #expect(columns(both.text)[joined] == column, "\(joined)")
      }
    }
  }

  @Test func `one bandwidth is shared on request, or where it is given`() throws {
    let bandwidth = try tool.run(
      "bandwidth", "data.csv", "-x", "x", "-y", "slow,fast", "--common-bandwidth")
    #expect(bandwidth.text.hasPrefix("bandwidth,criterion,from,to\n"))
    let shared = try predict("slow,fast", ["--common-bandwidth", "--verbose", "--diagnostics"])
    #expect(shared.text.hasPrefix("x,slow_hat,fast_hat,effective_n,nearest\n"))
    let least = zip(
      numbers(bandwidth.text, "criterion"), columns(bandwidth.text)["bandwidth"] ?? []
    ).min { $0.0 < $1.0 }
    let chosen = try #require(least?.1)
    #expect(shared.error.contains("bandwidth: \(chosen), least"))
    let given = try predict("slow,fast", ["--bandwidth", chosen, "--diagnostics"])
    #expect(given.text == shared.text)
    // It is a compromise.
    let own = try predict("slow,fast")
    #expect(columns(own.text)["slow_hat"] != columns(shared.text)["slow_hat"])
    #expect(columns(own.text)["fast_hat"] != columns(shared.text)["fast_hat"])
  }

  @Test func `bandwidth lists each value's minima`() throws {
    let base = ["bandwidth", "data.csv", "-x", "x"]
    let both = try tool.run(base + ["-y", "slow,fast"])
    #expect(both.text.hasPrefix("value,bandwidth,criterion,from,to\n"))
    var rows: [String] = []
    for value in ["slow", "fast"] {
      let alone = try tool.run(base + ["-y", value])
      rows += alone.text.split(separator: "\n").dropFirst().map { "\(value),\($0)" }
    }
    #expect(both.text.split(separator: "\n").dropFirst().map(String.init) == rows)
    struct Choices: Decodable {
      struct Choice: Decodable {
        let value: String
        let bandwidth: [Double]
      }
      let method: String
      let values: [Choice]
    }
    let json = try tool.run(base + ["-y", "slow,fast", "--format", "json"])
    let choices = try JSONDecoder().decode(Choices.self, from: json.output)
    #expect(choices.method == "loo" && choices.values.map(\.value) == ["slow", "fast"])
    for choice in choices.values {
      #expect(rows.contains { $0.hasPrefix("\(choice.value),\(choice.bandwidth[0]),") })
    }
    let path = try tool.run(base + ["-y", "slow,fast", "--path", "4"])
    #expect(path.text.hasPrefix("bandwidth,criterion_slow,criterion_fast\n"))
    let alone = try tool.run(base + ["-y", "fast", "--path", "4"])
    #expect(columns(path.text)["criterion_fast"] == columns(alone.text)["criterion"])
    let rule = try tool.run(base + ["-y", "slow,fast", "--bandwidth", "rule-of-thumb"])
    #expect(rule.text.hasPrefix("bandwidth,criterion,from,to\n"))
    let npy = try tool.run(base + ["-y", "slow,fast", "--format", "npy"])
    #expect(npy.status == 64 && npy.error.contains("names of values cannot be written as npy"))
    let figure = try tool.run(base + ["-y", "slow,fast", "--figure", "criterion.svg"])
    #expect(figure.status == 0)
    let drawn = try tool.read("criterion.svg")
    #expect(drawn.contains("Bandwidths for slow, fast by x"))
  }

  @Test func `figures name each value's bandwidth`() throws {
    let figure = try tool.run("plot", "data.csv", "-x", "x", "-y", "slow,fast")
    #expect(figure.text.contains("kernel, bandwidths ") && figure.text.contains(" (slow), "))
    #expect(figure.text.contains(" (fast)"))
    let residuals = try tool.run("plot", "data.csv", "-x", "x", "-y", "slow,fast", "--residuals")
    #expect(residuals.status == 0)
  }

  @Test func `weights that differ from value to value are not shown as one`() throws {
    for command in [["attention"], ["attention", "--explain", "3"], ["plot", "--attention"]] {
      let base = [command[0], "data.csv", "-x", "x", "-y", "slow,fast"] + command.dropFirst()
      let refused = try tool.run(base)
      #expect(refused.status == 64)
      #expect(
        refused.error.contains("each of slow, fast has its own bandwidth")
          && refused.error.contains("hint: --common-bandwidth chooses one for all"))
      #expect(try tool.run(base + ["--common-bandwidth"]).status == 0)
      #expect(try tool.run(base + ["--bandwidth", "0.5"]).status == 0)
    }
  }

  @Test func `the same choice has the same warnings in every command`() throws {
    let base = ["data.csv", "-x", "x", "-y"]
    let bandwidth = try tool.run(["bandwidth"] + base + ["none", "--degree", "1"])
    #expect(bandwidth.error.contains("\"x\" has no visible effect on the values"))
    for command in [["predict"], ["plot"], ["attention", "--top", "1"], ["plot", "--residuals"]] {
      let result = try tool.run(
        [command[0]] + base + ["none", "--degree", "1"] + command.dropFirst())
      #expect(result.error == bandwidth.error)
    }
    let narrow = try tool.run(["bandwidth"] + base + ["fast", "--kernel", "boxcar"])
    #expect(try predict("fast", ["--kernel", "boxcar"]).error == narrow.error)
    // With several values the one that is meant is named.
    let several = try predict("slow,none", ["--degree", "1"])
    #expect(several.error.hasPrefix("warning: for \"none\" the criterion falls up to"))
    let own = try tool.run(["bandwidth"] + base + ["slow,none", "--degree", "1"])
    #expect(own.error == several.error)
    #expect(try predict("none", ["--bandwidth", "3"]).error.isEmpty)
  }
}
