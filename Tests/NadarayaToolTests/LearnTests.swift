import Foundation
import Nadaraya
import Testing
import _TestSupport

@Suite struct LearnTests {
  let tool: Tool

  /// A wave over the first of two inputs, with a factor and weights.
  init() throws {
    tool = try Tool()
    var random = SystemFreeRandom(state: 5)
    var rows = "a,b,trade,y,w\n"
    for row in 0..<120 {
      let (a, b) = (5 * random.next(), 5 * random.next())
      let trade = ["smith", "cook"][row % 2]
      let y = abs(a - 2.5) + (row % 2 == 0 ? 1 : 0) + 0.2 * random.next()
      rows += "\(a),\(b),\(trade),\(y),\(row % 5)\n"
    }
    try tool.write(rows, to: "data.csv")
  }

  /// Marsaglia's xorshift: the same numbers everywhere.
  struct SystemFreeRandom {
    var state: UInt64
    mutating func next() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) * 0x1p-53
    }
  }

  @discardableResult
  private func learn(_ options: String..., output: String = "model.json") throws -> Tool.Result {
    let result = try tool.run(["learn", "data.csv", "--output", output] + options)
    #expect(result.status == 0, "\(result.error)")
    return result
  }

  @Test func `one width of one input is the bandwidth of least leave-one-out error`() throws {
    try learn("-x", "a", "-y", "y", "--form", "bandwidth", "--held-out", "0")
    let chosen = try tool.run(
      "bandwidth", "data.csv", "-x", "a", "-y", "y", "--format", "json")
    struct Chosen: Decodable { let bandwidth: [Double] }
    let bandwidth = try JSONDecoder().decode(Chosen.self, from: chosen.output).bandwidth[0]
    let model = try JSONDecoder().decode(
      LearnedModel.self, from: Data(contentsOf: tool.folder.appendingPathComponent("model.json")))
    let learned = try #require(model.similarity.bandwidths?[0])
    // The criterion is flat to first order at its minimum: half of the digits are those of the place.
    #expect(abs(learned / bandwidth - 1) < 1e-5)

    let byModel = try tool.run("predict", "--model", "model.json", "--grid", "9")
    let byOptions = try tool.run(
      "predict", "data.csv", "-x", "a", "-y", "y", "--grid", "9", "--bandwidth", "\(learned)")
    #expect(byModel.text.hasPrefix("a,y_hat\n"))
    // The same exponents, standardised and not, each to a few roundings of a range of ten bandwidths.
    #expect(
      Laws.deviation(
        numbers(byModel.text, "y_hat"), numbers(byOptions.text, "y_hat"), relativeTo: 3) < 1e-12)
  }

  @Test(.slow, arguments: ["bandwidths", "metric", "projections"])
  func `a model answers every command without its table`(form: String) throws {
    let result = try learn(
      "-x", "a,b", "--factor", "trade", "-y", "y", "--weights", "w", "--form", form)
    #expect(result.error.isEmpty)
    #expect(
      result.text.contains(
        "rows: 77 for learning, 9 for stopping, 10 for testing, in each of 24 splits\n"))
    #expect(result.text.hasSuffix("model: model.json\n"))
    try FileManager.default.removeItem(at: tool.folder.appendingPathComponent("data.csv"))
    try tool.write("trade,b,a\ncook,1,2\nsmith,3,4.5\n", to: "new.csv")

    let predicted = try tool.run("predict", "--model", "model.json", "--at", "new.csv")
    #expect(predicted.status == 0)
    #expect(predicted.text.hasPrefix("trade,a,b,y_hat\ncook,2.0,1.0,"))
    let estimates = numbers(predicted.text, "y_hat")
    #expect(estimates.allSatisfy { (0...4).contains($0) })

    let listed = try tool.run("attention", "--model", "model.json", "--at", "new.csv")
    #expect(listed.status == 0)
    let weights = numbers(listed.text, "weight")
    #expect(weights.count == 240)
    // A sum of 120 shares, each to a few roundings.
    #expect(abs(weights.prefix(120).reduce(0, +) - 1) < Rounding.hundreds)

    for figure in [["--attention"], ["--residuals"], []] {
      let drawn = try tool.run(["plot", "--model", "model.json"] + figure)
      #expect(drawn.status == 0, "\(drawn.error)")
      #expect(drawn.text.hasPrefix("<svg"))
    }
    let left = try tool.run("predict", "--model", "model.json", "--leave-one-out")
    #expect(left.text.split(separator: "\n").count == 121)
    let explained = try tool.run("attention", "--model", "model.json", "--explain", "3")
    #expect(explained.text.hasPrefix("query 3: a = "))
  }

  @Test func `the same seed gives the same model and another seed other held-out rows`() throws {
    let options = ["-x", "a,b", "-y", "y"]
    for (seed, name) in [("1", "one"), ("1", "again"), ("2", "two")] {
      let result = try tool.run(
        ["learn", "data.csv", "--seed", seed, "--output", name] + options)
      #expect(result.status == 0)
    }
    #expect(try tool.read("one") == (try tool.read("again")))
    #expect(try tool.read("one") != (try tool.read("two")))
  }

  @Test func `rows in another order give the same similarity and the same report`() throws {
    let rows = try tool.read("data.csv").split(separator: "\n")
    // The first row of the other order is a cook's, that of the table a smith's.
    try tool.write(
      ([rows[0]] + rows.dropFirst().reversed()).joined(separator: "\n") + "\n", to: "turned.csv")
    let options = ["-x", "a,b", "--factor", "trade", "-y", "y", "--form", "bandwidths"]
    let (one, other) = (
      try tool.run(["learn", "data.csv", "--output", "one"] + options),
      try tool.run(["learn", "turned.csv", "--output", "other"] + options)
    )
    func facts(_ text: String) -> [Substring] { text.split(separator: "\n").dropLast(2) }
    #expect(!facts(one.text).isEmpty && facts(one.text) == facts(other.text))
    func similarity(_ name: String) throws -> LearnedSimilarity {
      try JSONDecoder().decode(
        LearnedModel.self, from: Data(contentsOf: tool.folder.appendingPathComponent(name))
      ).similarity
    }
    #expect(try similarity("one") == similarity("other"))
  }

  @Test func `a model goes to standard output and its report to standard error`() throws {
    let result = try tool.run("learn", "data.csv", "-x", "a,b", "-y", "y")
    #expect(try JSONDecoder().decode(LearnedModel.self, from: result.output).keys.count == 120)
    #expect(result.error.contains("conclusion: "))
    let piped = try tool.run("predict", "--model", "-", "--grid", "2", input: result.text)
    #expect(piped.text.split(separator: "\n").count == 5)
  }

  @Test func `values that are noise are met with the single bandwidth, and the report says so`()
    throws
  {
    var random = SystemFreeRandom(state: 9)
    var rows = "a,b,y\n"
    for _ in 0..<200 { rows += "\(random.next()),\(random.next()),\(random.next())\n" }
    try tool.write(rows, to: "noise.csv")
    let result = try tool.run("learn", "noise.csv", "-x", "a,b", "-y", "y", "-o", "noise.json")
    #expect(result.text.contains("conclusion: Learning did not help"))
  }

  @Test func `where the model cannot be written nothing is learned`() throws {
    let result = try tool.run(
      "learn", "data.csv", "-x", "a,b", "-y", "y", "--output", "nowhere/model.json", "--verbose")
    #expect(result.status == 73)
    #expect(result.error.hasPrefix("error: cannot write \"nowhere/model.json\": "))
    #expect(try tool.files() == ["data.csv"])
  }

  @Test func `a report without anything learned has one number and no difference`() throws {
    let result = try learn("-x", "a", "-y", "y")
    #expect(result.text.contains(" with the single bandwidth, in variances of the values\n"))
    #expect(!result.text.contains(" learned, ") && !result.text.contains("standard error"))
    #expect(result.text.contains("This form learns only one bandwidth"))
    try tool.write("x,y\n1,2\n", to: "one.csv")
    let one = try tool.run("learn", "one.csv", "-x", "x", "-y", "y")
    #expect(one.error.contains("1 row with weight is too few to learn from: at least 8 are needed"))
  }

  @Test func `dot products have effective sample sizes and no distances`() throws {
    let similarity = try LearnedSimilarity(
      .projections(.init(queries: [[1]], queryBias: [0], keys: [[1]])), centers: [0], scales: [1])
    try write(
      LearnedModel(similarity, Sample([-1.0, 0, 1], [1, 2, 4])))
    let result = try tool.run(
      "predict", "--model", "hand.json", "--grid", "2", "--diagnostics")
    #expect(result.text.hasPrefix("c0,c1_hat,effective_n\n"))
    let sizes = numbers(result.text, "effective_n")
    // Weights as e to e⁰ to 1/e at both ends.
    let expected = pow(exp(1.0) + 1 + exp(-1.0), 2) / (exp(2.0) + 1 + exp(-2.0))
    #expect(sizes.count == 2 && sizes.allSatisfy { abs($0 - expected) < Rounding.tens })
  }

  private func write(_ model: LearnedModel) throws {
    try tool.write(
      String(decoding: try JSONEncoder().encode(model), as: UTF8.self), to: "hand.json")
  }

  @Test func `a lone row left out has nothing that a bandwidth would help`() throws {
    let similarity = try LearnedSimilarity(
      .bandwidth(inverse: 1), centers: [0], scales: [1])
    try write(LearnedModel(similarity, Sample([1.0], [2])))
    let result = try tool.run("predict", "--model", "hand.json", "--leave-one-out")
    #expect(result.error == "warning: no key supports 1 of 1 query; nan is written there\n")
  }

  @Test(arguments: [
    (["--form", "metric", "--rank", "3"], "--rank 3 is more than the 2 coordinates"),
    (["--form", "bandwidths", "--rank", "1"], "--rank needs --form metric or projections"),
    (["--held-out", "1"], "--held-out 1.0 is not a share from 0 to 0.9"),
    (["--weight-decay", "-1"], "--weight-decay -1.0 is not a number of at least 0"),
    (["--iterations", "0"], "--iterations 0 is less than 1"),
    (["--ordered", "trade"], "learning does not support ordered labels"),
    (["--threads", "0"], "--threads 0 is not between 1 and 1024"),
  ])
  func `options that make no sense are refused`(options: [String], words: String) throws {
    let result = try tool.run(
      ["learn", "data.csv", "-x", "a,b", "-y", "y", "--output", "model.json"] + options)
    #expect(result.status == 64)
    #expect(result.error.contains(words), "\(result.error)")
    #expect(try !tool.files().contains("model.json"))
  }

  @Test func `what --model settles is not asked again`() throws {
    try learn("-x", "a,b", "-y", "y")
    for (options, words) in [
      (["data.csv"], "--model contains its own data, so \"data.csv\" cannot be given"),
      (["-x", "a"], "-x cannot be combined with --model, which sets the data and the similarity"),
      (["--bandwidth", "2"], "--bandwidth cannot be combined with --model"),
      (["--engine", "direct"], "--engine cannot be combined with --model"),
      (["--level", "0.9"], "intervals are not available for a learned model"),
      (["--gradient"], "gradients are not available for a learned model"),
    ] {
      let result = try tool.run(["predict", "--model", "model.json"] + options)
      #expect(result.status == 64)
      #expect(result.error.contains(words), "\(result.error)")
    }
  }

  @Test func `a file that is no model is refused with a sentence`() throws {
    try learn("-x", "a,b", "-y", "y")
    let good = try tool.read("model.json")
    for (text, words) in [
      (String(good.prefix(good.count / 2)), "model.json: the file is truncated or is not JSON"),
      ("", "model.json: the file is truncated or is not JSON"),
      ("[]", "model.json: the file is not an object"),
      (
        good.replacingOccurrences(of: #""version":2"#, with: #""version":1"#),
        "model.json: the model has version 1, but only version 2 is supported"
      ),
      (
        good.replacingOccurrences(of: #""valueNames":["y"]"#, with: #""valueNames":[]"#),
        "model.json: the number of names in \"valueNames\" is 0, not 1"
      ),
    ] {
      try tool.write(text, to: "model.json")
      for command in ["predict", "attention", "plot"] {
        let result = try tool.run(command, "--model", "model.json", "--output", "out.svg")
        #expect(result.status == 65)
        #expect(result.error.contains(words), "\(result.error)")
        #expect(try !tool.files().contains("out.svg"))
      }
    }
    let missing = try tool.run("predict", "--model", "nowhere.json")
    #expect(missing.status == 66)
  }
}
