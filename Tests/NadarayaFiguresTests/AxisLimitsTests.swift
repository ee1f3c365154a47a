import Testing

@testable import NadarayaFigures

@Suite("Axis limits")
struct AxisLimitsTests {
  private static let extents: [ClosedRange<Double>] = [
    0...0, 1...1, -3 ... -3, 1.6e9...1.6e9, 1.6e9...(1.6e9).nextUp,
    0...Double.leastNonzeroMagnitude,
    -1.7976931348623157e308...1.7976931348623157e308, 1e300...1e300, 0...1, -5...17,
  ]

  @Test("limits are finite, hold the data, and have room for 3 ticks", arguments: extents)
  func linear(extent: ClosedRange<Double>) {
    for isTight in [false, true] {
      let limits = AxisLimits.covering(extent, on: .linear, isTight: isTight)
      #expect(limits.lowerBound.isFinite && limits.upperBound.isFinite)
      #expect(limits.contains(extent.lowerBound) && limits.contains(extent.upperBound))
      #expect(AxisTicks(linearIn: limits, atMost: 6).major.count >= 3)
    }
  }

  @Test("the margin is 4 % at each end of plain data")
  func margin() {
    let limits = AxisLimits.covering(0...100, on: .linear, isTight: false)
    #expect(limits == -4...104)
    #expect(AxisLimits.covering(0...100, on: .linear, isTight: true) == 0...100)
  }

  @Test(
    "log limits stay positive and finite",
    arguments: [
      Double.leastNonzeroMagnitude...Double.leastNonzeroMagnitude, 1...1, 1e308...1.7e308,
      3...3.000_000_000_000_001, 1e-300...1e300,
    ])
  func logarithmic(extent: ClosedRange<Double>) {
    let limits = AxisLimits.covering(extent, on: .log10, isTight: false)
    #expect(limits.lowerBound > 0 && limits.upperBound.isFinite)
    #expect(limits.lowerBound < limits.upperBound)
    #expect(AxisTicks(logarithmicIn: limits, atMost: 6).major.count >= 3)
  }

  @Test("shared axes are the same in all panels, and hold all data")
  func shared() {
    let panels = [
      SampleFigures.line([0, 1], [5, 6]), SampleFigures.line([-7, 1], [5, 60]),
      SampleFigures.line([.nan], [.nan]),
    ]
    var figure = Figure(accessibleDescription: "", panels: panels, columns: 3)
    #expect(Set(figure.limits()).count == 3)
    figure.sharedAxes = [.x]
    #expect(Set(figure.limits().map(\.x)).count == 1)
    #expect(Set(figure.limits().map(\.y)).count == 3)
    figure.sharedAxes = [.x, .y]
    let shared = Set(figure.limits())
    #expect(shared.count == 1)
    // 4 % of the union of the data, computed by hand.
    #expect(shared.first?.x == (-7 - 0.32)...(1 + 0.32))
  }

  @Test("limits that are given are kept, and a shared axis grows to hold data beyond them")
  func given() {
    let fixed = Panel(x: Axis(limits: 2...3), marks: [.line(Line(x: [0, 9], y: [0, 1]))])
    let figure = Figure(accessibleDescription: "", panels: [fixed])
    #expect(figure.limits().first?.x == 2...3)
  }
}
