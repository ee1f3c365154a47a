import Foundation
import Nadaraya
import Testing

@Suite struct BandwidthCommandTests {
  let tool: Tool
  let keys = (0..<40).map { Double($0 * $0) / 100 }
  let values: [Double]

  init() throws {
    tool = try Tool()
    values = keys.enumerated().map { sin($1) + ($0 % 3 == 0 ? 0.2 : -0.1) }
    let rows = zip(keys, values).map { "\($0),\($1),\($0 * $0)" }
    try tool.write("x,y,z\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
  }

  struct Choice: Decodable {
    struct Minimum: Decodable {
      let bandwidth: [Double]
      let criterion: Double
      let from: Double?
      let to: Double?
    }
    let method, kernel: String
    let degree: Int
    let bandwidth: [Double]
    let criterion: Double?
    let minima: [Minimum]
  }

  @Test(arguments: BandwidthMethod.ofFixedBandwidths)
  func `JSON is one object with the library's choice`(method: BandwidthMethod) throws {
    let result = try tool.run(
      "bandwidth", "data.csv", "-x", "x", "-y", "y", "--bandwidth", method.rawValue, "--format",
      "json")
    #expect(result.status == 0)
    let choice = try JSONDecoder().decode(Choice.self, from: result.output)
    let selected = try Bandwidths.select(method, for: Sample(keys, values))
    #expect(choice.method == method.rawValue && choice.kernel == "gaussian")
    #expect(choice.degree == 0)
    #expect(choice.bandwidth == selected.bandwidths)
    #expect(choice.criterion == selected.criterion)
    #expect(choice.minima.map(\.bandwidth) == selected.minima.map(\.bandwidths))
    #expect(choice.minima.allSatisfy { $0.from == nil })
    let object = try #require(
      try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    #expect(
      Set(object.keys) == ["method", "kernel", "degree", "bandwidth", "criterion", "minima"])
  }

  @Test func `CSV has a row for each minimum, flat ones with their ends`() throws {
    let result = try tool.run(
      "bandwidth", "data.csv", "-x", "x", "-y", "y", "--kernel", "boxcar", "--bandwidth", "gcv")
    let selected = try Bandwidths.select(
      .generalizedCrossValidation, for: Sample(keys, values), similarity: Similarity(.boxcar))
    #expect(result.text.hasPrefix("bandwidth,criterion,from,to\n"))
    #expect(numbers(result.text, "bandwidth") == selected.minima.map { $0.bandwidths[0] })
    #expect(numbers(result.text, "from") == selected.minima.map { $0.stretch?.lowerBound })
    let several = try tool.run("bandwidth", "data.csv", "-x", "x,z", "-y", "y")
    #expect(several.text.hasPrefix("bandwidth_x,bandwidth_z,criterion\n"))
  }

  @Test func `the path is the criterion at even steps`() throws {
    let base = ["bandwidth", "data.csv", "-x", "x", "-y", "y", "--kernel", "tricube"]
    let result = try tool.run(base + ["--path", "5", "--from", "0.5", "--to", "8"])
    let path = Bandwidths.path(from: 0.5, to: 8, count: 5)
    #expect(result.text.hasPrefix("bandwidth,criterion\n"))
    #expect(numbers(result.text, "bandwidth") == path)
    let criteria = try path.map {
      try KernelSmoother(Sample(keys, values), Similarity(.tricube, bandwidths: [$0]))
        .criteria().criteria(.leaveOneOut)[0]
    }
    for (written, computed) in zip(columns(result.text)["criterion"] ?? [], criteria) {
      if computed == .infinity {
        #expect(written == "inf")
      } else {
        // The path is computed from a scaled table, which rounds.
        #expect(abs((Double(written) ?? .nan) / computed - 1) < 1e-12)
      }
    }
    #expect(result.error.hasPrefix("warning: loo does not exist at 1 of 5 bandwidths"))
    let usual = try tool.run(base + ["--path", "3"])
    #expect(usual.status == 0 && usual.error.isEmpty)
    #expect(numbers(usual.text, "criterion").count == 3)
  }

  @Test func `verbose tells the starts, the infeasible and the minima`() throws {
    let result = try tool.run(
      "bandwidth", "data.csv", "-x", "x,z", "-y", "y", "--kernel", "biweight", "--verbose")
    for word in ["bandwidth: ", "minima: ", "infeasible: ", "start: from "] {
      #expect(result.error.contains(word))
    }
  }

  @Test(arguments: ["gcv", "aicc", "rule-of-thumb", "plug-in"])
  func `predict takes every method`(method: String) throws {
    let result = try tool.run(
      "predict", "data.csv", "-x", "x", "-y", "y", "--bandwidth", method, "--verbose")
    let selected = try Bandwidths.select(
      #require(BandwidthMethod(named: method)), for: Sample(keys, values))
    let estimator = try KernelSmoother(
      Sample(keys, values), Similarity(bandwidths: [selected.bandwidths[0]]))
    #expect(numbers(result.text, "y_hat") == (try estimator.predict(keys)))
    #expect(result.error.contains("bandwidth: \(selected.bandwidths[0]), "))
  }
}
