import ExplorerViews
import Nadaraya
import Testing

@Suite struct PathTests {
  /// Both sum 120 rows pair by pair, within 1.2e-13 of values up to 26; residuals of some 1 are squared.
  private static let tolerance = 1e-11

  private func path(_ exploration: Exploration, _ parameters: [String: String]) throws -> PathAnswer
  {
    try exploration.path(try exploration.view(parameters), points: 60, execution: Execution())
  }

  @Test(arguments: ["loo", "gcv", "aicc"], ["gaussian", "epanechnikov", "boxcar"])
  func `minima are those of selectBandwidths`(criterion: String, kernel: String) throws {
    let exploration = Exploration(.deck())
    let answer = try path(exploration, ["criterion": criterion, "kernel": kernel, "h": "1"])
    let table = try exploration.columns(["x", "y"])
    let selection = try Bandwidths.select(
      try #require(BandwidthMethod(named: criterion)), for: Sample(table[0], table[1]),
      similarity: Similarity(try #require(Kernel(named: kernel))))
    #expect(answer.chosen.value == selection.bandwidths[0])
    let lowest = selection.minima.sorted { $0.criterion < $1.criterion }.prefix(60)
      .map { $0.bandwidths[0] }.sorted()
    #expect(answer.minima.map(\.bandwidth) == lowest)
    #expect(answer.minima.filter(\.isChosen).map(\.bandwidth) == [selection.bandwidths[0]])
    #expect(answer.bandwidths.count == 60 && answer.values.values.count == 60)
  }

  @Test func `along one of several bandwidths each minimum is below its surroundings`() throws {
    let exploration = Exploration(try twoInputs(120))
    let table = try exploration.columns(["a", "b", "y"])
    let answer = try path(exploration, ["x": "a,b", "over": "b", "h": "0.7,1"])
    let criterion = try BandwidthCriterion(
      .leaveOneOut, of: Sample(keys: Points(columns: [table[0], table[1]]), values: [table[2]]),
      computation: Computation(engine: .direct))
    #expect(!answer.minima.isEmpty)
    for minimum in answer.minima {
      let value = try criterion([0.7, minimum.bandwidth])
      #expect((minimum.value.value - value).magnitude < Self.tolerance)
      // Polished to 1e-8 in log h; 1e-3 away the criterion is higher by its curvature, or as low where
      // it is flat.
      for factor in [0.999, 1.001] {
        #expect(try criterion([0.7, minimum.bandwidth * factor]) >= value - Self.tolerance)
      }
    }
    #expect(answer.minima.count { $0.isChosen } == 1)
    for (bandwidth, value) in zip(answer.bandwidths, answer.values.values).prefix(10) {
      #expect((try criterion([0.7, bandwidth]) - value).magnitude < Self.tolerance)
    }
  }

  @Test func `the picture's axis is the slider's range`() throws {
    let exploration = Exploration(.deck())
    let answer = try path(exploration, [:])
    let range = try exploration.fit().ranges[0]
    let axis = try #require(answer.figure.places[0].horizontal)
    #expect(axis.scale == "log10" && axis.least == range.least && axis.greatest == range.greatest)
    #expect(answer.bandwidths.first == range.least && answer.bandwidths.last == range.greatest)
  }

  @Test func `a path is kept whatever the slider's own bandwidth`() throws {
    let exploration = Exploration(.deck())
    let first = try path(exploration, ["h": "0.5"])
    let second = try path(exploration, ["h": "0.7"])
    #expect(first.values == second.values && first.figure == second.figure)
    #expect(second.view["h"] == "0.7")
  }

  @Test func `a path has 2 to 2000 points`() throws {
    let exploration = Exploration(.deck())
    for points in [-1, 0, 1, 2001] {
      #expect(throws: ExplorationError.self) {
        try exploration.path(try exploration.view([:]), points: points, execution: Execution())
      }
    }
  }
}
