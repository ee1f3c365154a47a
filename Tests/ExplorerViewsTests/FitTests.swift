import ExplorerViews
import Nadaraya
import Tables
import Testing
import _TestSupport

@Suite struct FitTests {
  /// Engines promise 1e-12 of the ratio of Σw|v|, here below 26, and are much nearer with few hundred rows;
  /// local polynomials, and criteria and intervals of them, promise 1e-9.
  private func isClose(_ left: [Double], _ right: [Double], _ degree: Int) -> Bool {
    let tolerance = degree == 0 ? 1e-11 : 1e-8
    return left.count == right.count
      && zip(left, right).allSatisfy { a, b in
        (a.isNaN && b.isNaN) || (a - b).magnitude <= tolerance
      }
  }

  @Test(arguments: ["gaussian", "boxcar", "epanechnikov", "cauchy"], 0...2)
  func `estimates are those of the direct engine at the same places`(kernel: String, degree: Int)
    throws
  {
    let exploration = Exploration(try twoInputs(300))
    for (inputs, over) in [(["a"], "a"), (["a", "b"], "a"), (["a", "b"], "b")] {
      let bandwidths = inputs.count == 1 ? [0.3] : [0.9, 0.7]
      let fit = try exploration.fit([
        "x": inputs.joined(separator: ","), "over": over, "kernel": kernel, "degree": "\(degree)",
        "h": bandwidths.map(\.description).joined(separator: ","), "band": "none",
      ])
      let table = try exploration.columns(inputs + ["y"])
      let direct = try KernelSmoother(
        Sample(
          keys: Points(columns: Array(table.prefix(inputs.count))), values: [table[inputs.count]]),
        Similarity(try #require(Kernel(named: kernel)), bandwidths: bandwidths), degree: degree,
        computation: Computation(engine: .direct))
      let held =
        fit.view["at"].map { $0.split(separator: ",", omittingEmptySubsequences: false) } ?? []
      let queries = Points(
        columns: inputs.enumerated().map { input, name in
          fit.curve.x.map { name == over ? $0 : Double(held[input]) ?? .nan }
        })
      let expected = try direct.predict(at: .points(queries))
      #expect(isClose(fit.curve.estimate.values, expected.values, degree))
      #expect(fit.emptyQueries == expected.emptyWindows.count)
      #expect(
        (fit.emptyQueries > 0) == fit.warnings.contains { $0.hasPrefix("No key supports") })
      #expect(fit.curve.x.count == 400)
    }
  }

  @Test func `interval and criterion are those of the library`() throws {
    let exploration = Exploration(try twoInputs(200))
    let fit = try exploration.fit(["x": "a", "h": "0.4", "degree": "1", "band": "0.9"])
    let table = try exploration.columns(["a", "y"])
    let estimator = try KernelSmoother(
      Sample(table[0], table[1]), Similarity(bandwidths: [0.4]), degree: 1)
    let intervals = try estimator.confidenceIntervals(at: .points(fit.curve.x), level: 0.9)
    #expect(isClose(try #require(fit.curve.lower).values, intervals.lower[0], 1))
    #expect(isClose(try #require(fit.curve.upper).values, intervals.upper[0], 1))
    #expect(isClose(try #require(fit.curve.centre).values, intervals.estimates[0], 1))
    let summary = try estimator.summary()
    #expect(isClose([fit.rSquared.value], summary.rSquared, 1))
    #expect(
      isClose([fit.effectiveDegreesOfFreedom.value], [summary.effectiveDegreesOfFreedom], 1))
    for method in [BandwidthMethod.leaveOneOut, .generalizedCrossValidation, .correctedAkaike] {
      let own = try exploration.fit([
        "x": "a", "h": "0.4", "degree": "1", "criterion": method.rawValue,
      ]).criterion.value.value
      #expect(isClose([own], try estimator.criteria().criteria(method), 1))
    }
  }

  @Test func `weights count`() throws {
    let table = try ExploredTable([("x", [1, 2, 3]), ("y", [1, 5, 9]), ("w", [1, 0, 3])])
    let fit = try Exploration(table).fit([
      "x": "x", "y": "y", "weights": "w", "kernel": "constant", "h": "1",
    ])
    // (1·1 + 3·9)/4
    #expect(fit.curve.estimate.values.allSatisfy { ($0 - 7).magnitude < 7 * Rounding.hundreds })
  }

  @Test func `the rule of thumb is the usual bandwidth and its view reads back`() throws {
    let exploration = Exploration(try twoInputs(100))
    let fit = try exploration.fit(["x": "a,b", "kernel": "epanechnikov"])
    let table = try exploration.columns(["a", "b"])
    let rule = try ruleOfThumbBandwidths(keys: Points(columns: table), kernel: .epanechnikov)
    #expect(fit.bandwidth == rule)
    let again = try exploration.fit(fit.view)
    #expect(again.view == fit.view && again.curve.estimate == fit.curve.estimate)
    #expect(fit.ranges.count == 2 && fit.ranges.allSatisfy { $0.least < $0.greatest })
  }

  @Test(arguments: ["280", "390", "599", "600", "900", "2000"], [1.0, 1e-9, 1e12])
  func `plots of one view lie one above the other`(width: String, unit: Double) throws {
    var random = Random(seed: 4)
    let x = (0..<120).map { _ in random.uniform() }
    let y = x.map { unit * (1e3 + $0 * $0) }
    let exploration = Exploration(try ExploredTable([("x", x), ("y", y)]))
    let view = try exploration.view([
      "width": width, "residuals": "1", "query": "0.5", "h": "0.07", "theme": "dark",
    ])
    let fit = try exploration.fit(view, execution: Execution())
    let places = [fit.figures.fit, fit.figures.attention, try #require(fit.figures.residuals)]
      .map { $0.places[0] }
    #expect(Set(places.map(\.x)).count == 1 && Set(places.map(\.width)).count == 1)
    #expect(Set(places.map(\.horizontal)).count == 1)
    let weights = try exploration.attention(view, execution: Execution()).figure.places[0]
    #expect(weights.horizontal == places[0].horizontal)
  }

  @Test func `a large table leaves the interval out and says so`() throws {
    var random = Random(seed: 2)
    let x = (0..<10_100).map { _ in random.uniform() }
    let exploration = Exploration(try ExploredTable([("x", x), ("y", x)]))
    let fit = try exploration.fit(["h": "0.1"])
    let isDrawn = fit.curve.lower != nil
    #expect(isDrawn != fit.warnings.contains { $0.hasPrefix("The interval is left out") })
    #expect(isDrawn == fit.command.contains("--level"))
    // Lines are reproduced by none of the degrees here, but constants are: the mean of x near 0.5.
    #expect(fit.curve.estimate.values.allSatisfy { (0...1).contains($0) })
  }
}

extension Exploration {
  /// Columns of the table, read without the explorer.
  func columns(_ names: [String]) throws -> [[Double]] {
    let view = try self.view([:])
    let csv = try rows(view)
    return names.map { csv[$0] ?? [] }
  }

  /// All rows by column, in the table's order: the weights of a constant kernel list every key.
  private func rows(_ view: View) throws -> [String: [Double]] {
    var columns: [String: [(row: Int, number: Double)]] = [:]
    let summary = try table.summary
    let names = summary.columns.map(\.name)
    let inputs = names.filter { $0 != view.value }
    let text = try weightsTable(
      try self.view([
        "x": NameListText.of(inputs), "y": view.value, "kernel": "constant", "query": "1",
      ]), execution: Execution())
    let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    for line in lines.dropFirst() {
      for (name, field) in zip(lines[0].dropFirst(), line.dropFirst()) {
        columns[name, default: []].append((Int(line[0]) ?? -1, Double(field) ?? .nan))
      }
    }
    return columns.mapValues { $0.sorted { $0.row < $1.row }.map(\.number) }
  }
}
