import Testing

@testable import NadarayaFigures

@Suite("Builders")
struct BuilderTests {
  @Test("limits hold all data, and of what surrounds them one height on either side")
  func limitsAroundData() throws {
    let (all, areAllCut) = Axis.limits(
      holding: [[0, 4], [.nan, 8, .infinity]], surroundings: [[-3, 9]])
    let whole = try #require(all)
    #expect(whole.contains(-3) && whole.contains(9) && !areAllCut)
    let (some, areCut) = Axis.limits(
      holding: [[0, 8]], surroundings: [[-1e6, 9, -.infinity, .nan]])
    let cut = try #require(some)
    // One height below, and the margin of the axis.
    #expect(areCut && cut.contains(-8) && cut.contains(9))
    #expect(cut.lowerBound > -8 - 8 && cut.upperBound < 9 + 8)
  }

  @Test("limits exist over the whole range of doubles, and not where there is nothing to span")
  func extremeLimits() throws {
    let greatest = Double.greatestFiniteMagnitude
    let (limits, areCut) = Axis.limits(holding: [[-greatest, greatest]], surroundings: [])
    #expect(limits == -greatest...greatest && !areCut)
    #expect(Axis.limits(holding: [[3, 3]], surroundings: [[0, 9]]).limits == nil)
    #expect(Axis.limits(holding: [[.nan]], surroundings: [[0, 9]]).limits == nil)
  }

  @Test("the axis of a criterion holds minima with room under them, and cuts a pole")
  func criterionAxis() throws {
    let curve = [1e9, 50, 4, 2, 3, 4, 4, 4]
    let (axis, isCut) = Axis.criterion(label: "score", curves: [curve], minima: [2])
    let limits = try #require(axis.limits)
    #expect(isCut && limits.lowerBound < 2 && limits.upperBound > 4 && limits.upperBound < 100)
    #expect(limits.contains(2 - 0.1 * (limits.upperBound - 2)))
    let (_, isFlatCut) = Axis.criterion(label: "score", curves: [[3, 2, 3]], minima: [2])
    #expect(!isFlatCut)
    #expect(Axis.criterion(label: "", curves: [[5, 5, .nan]], minima: [5]).axis.limits == nil)
    #expect(Axis.criterion(label: "", curves: [[.nan]], minima: []).axis.limits == nil)
  }

  @Test("what has no criterion is shaded up to its finite neighbours")
  func shadedGaps() {
    let panel = Panel.criterion(
      title: "",
      curve: .init(
        x: [1, 2, 3, 4, 5, 6, 7], y: [.nan, .nan, 3, .nan, 2, 3, .nan]),
      minima: [], chosen: .init(bandwidth: 5, criterion: 2), chosenLabel: "h = 5",
      x: Axis(scale: .log10), y: Axis())
    let shaded = panel.marks.compactMap { mark in
      if case .shading(let shading) = mark { shading.range } else { nil }
    }
    #expect(shaded == [1...3, 3...5, 6...7])
  }

  @Test("observations of a level stay within its slot")
  func spreadObservations() {
    let levels = (0..<3000).map { Double($0 % 3) }
    let panel = Panel.levels(
      title: "", points: .init(x: levels, y: levels), estimates: [0, 1, 2],
      names: ["a", "b", "c"], xLabel: "level", y: Axis())
    guard case .scatter(let points) = panel.marks[0] else {
      Issue.record("the observations are not at the back")
      return
    }
    // Levels are 1 apart, and half of that is for the points of either.
    #expect(zip(points.x, levels).allSatisfy { ($0 - $1).magnitude <= 0.25 })
    #expect(Set(points.x).count == points.x.count)
  }

  @Test("every curve has a name of its own, all bands one")
  func namesOfCurves() {
    let member = { (name: String) in
      Panel.Member(
        name: name, points: .init(x: [0], y: [0]), fit: .init(x: [0, 1], y: [0, 1]),
        interval: .init(lower: [-1, 0], upper: [1, 2], label: "band"))
    }
    let figure = Figure(
      accessibleDescription: "",
      panels: [
        .curves(title: "", members: ["a", "b", "c"].map(member), x: Axis(), y: Axis())
      ])
    #expect(figure.legendEntries.map(\.label) == ["band", "a", "b", "c"])
    #expect(Set(figure.legendEntries.map(\.key)).count == 4)
  }

  @Test("a crowd of points lies under its band, and is told of once")
  func crowds() {
    let count = 20_000
    let x = SampleFigures.scattered(count)
    let y = SampleFigures.scattered(count, seed: 0.754_877_666)
    let members = ["a", "b"].map { name in
      Panel.Member(
        name: name, points: .init(x: x, y: y), fit: .init(x: [0, 1], y: [0, 1]),
        interval: .init(lower: [-1, 0], upper: [1, 2], label: "band"))
    }
    let panel = Panel.curves(title: "", members: members, x: Axis(), y: Axis())
    let firstBand = panel.marks.firstIndex { if case .band = $0 { true } else { false } }
    let lastPoints = panel.marks.lastIndex { if case .scatter = $0 { true } else { false } }
    #expect(lastPoints == 1 && firstBand == 2)
    let told = Figure(accessibleDescription: "", panels: [panel]).simplifications
    guard told.count == 1, case .mergedPoints(2 * count, _) = told[0].kind else {
      Issue.record("two crowds are told of as \(told)")
      return
    }
  }
}
