import Testing

@testable import NadarayaFigures

/// The colour of every cell, read back from the picture; nil where none or two claim it.
private func colors(
  _ figure: Figure, rows: Int, columns: Int
) -> [String?] {
  var claims: [[String]] = Array(repeating: [], count: rows * columns)
  for path in XMLFindings(figure.svg()).elements(named: "path") {
    guard let fill = path.attributes["fill"], fill != "none", let data = path.attributes["d"]
    else { continue }
    for run in PathReading(data).subpaths {
      let x = run.map(\.x)
      let y = run.map(\.y)
      let left = Int(x.min() ?? 0)
      let right = Int(x.max() ?? 0)
      let top = Int(y.min() ?? 0)
      let bottom = Int(y.max() ?? 0)
      for row in top..<bottom {
        for column in left..<right { claims[row * columns + column].append(fill) }
      }
    }
  }
  return claims.map { $0.count == 1 ? $0[0] : nil }
}

@Suite("Heatmaps")
struct HeatmapTests {
  private static let rows = 23
  private static let columns = 31

  /// Few distinct values, so that runs merge, and some that are not finite.
  private static let values = SampleFigures.scattered(rows * columns).map { value -> Double in
    value > 0.9 ? .nan : (value * 12).rounded() / 12
  }

  private static func figure(isReversed: Bool) -> Figure {
    let heatmap = Heatmap(values: values, rows: rows, columns: columns)
    return Figure(
      accessibleDescription: "",
      panels: [Panel(y: Axis(isReversed: isReversed), marks: [.heatmap(heatmap)])],
      colorScale: ColorScale(limits: 0...1))
  }

  @Test("runs cover every cell exactly once, each in its colour", arguments: [true, false])
  func runsCover(isReversed: Bool) {
    let found = colors(
      Self.figure(isReversed: isReversed), rows: Self.rows, columns: Self.columns)
    for row in 0..<Self.rows {
      for column in 0..<Self.columns {
        // Row 0 of a reversed axis is at the top of the picture, of a plain one at the foot.
        let place = (isReversed ? row : Self.rows - 1 - row) * Self.columns + column
        let value = Self.values[row * Self.columns + column]
        let color =
          value.isFinite ? SequentialReds.color(level: Int((value * 255).rounded())) : .missing
        #expect(found[place] == color.svg)
      }
    }
  }

  @Test("one value is one colour in all panels, and 1/40 is not paper")
  func sharedColors() {
    let figure = SampleFigures.attention(bandwidths: [0.5])
    let last = figure.panels[figure.panels.count - 1]
    var alone = figure
    alone.panels = [last]
    alone.colorScale = ColorScale(limits: 0...1)
    let uniform = Set(colors(alone, rows: 40, columns: 50))
    #expect(uniform == [SequentialReds.color(level: 6).svg])
    // The figure's own scale reaches from 0 to 1, the largest weight of the first panel.
    #expect(figure.colorMap?.limits == 0...1)
    #expect(figure.svg().contains("<path fill=\"\(SequentialReds.color(level: 6).svg)\""))
    #expect(SequentialReds.color(level: 6) != .paper)
    #expect(SequentialReds.color(level: 0) != .paper)
  }

  @Test("cells under half a pixel are averaged in whole groups about a pixel wide")
  func averaging() throws {
    // Rows of 0 and 1 by turns, a block without values, a quarter and a tenth of a pixel a cell.
    var values: [Double] = []
    for row in 0..<500 {
      for column in 0..<500 {
        let isMissing = row < 10 && column < 4
        values.append(isMissing ? .nan : Double(row % 2))
      }
    }
    let heatmap = Heatmap(values: values, rows: 500, columns: 500)
    let plot = Plot(
      frame: Rectangle(minX: 0, minY: 0, width: 125, height: 50),
      x: Projection(limits: -0.5...499.5, scale: .linear, start: 0, end: 125),
      y: Projection(limits: -0.5...499.5, scale: .linear, start: 0, end: 50),
      colors: ColorMap(limits: 0...4))
    #expect(
      heatmap.simplification(in: plot)
        == .averagedCells(rows: 500, columns: 500, shownRows: 50, shownColumns: 125))
    guard case .cells(let layer)? = heatmap.shapes(in: plot).first else {
      Issue.record("A heatmap draws cells.")
      return
    }
    // The mean of five 0 and five 1 is a half, level 255/8 = 31.9; one whole group has no value.
    let colors: [Color] = layer.groups.map { $0.color }
    #expect(colors == [.missing, SequentialReds.color(level: 32)])
    #expect(layer.groups[0].runs == [CellLayer.Run(row: 0, columns: 0..<1)])
    let cells = layer.groups[1].runs.reduce(0) { $0 + $1.columns.count }
    #expect(cells == 50 * 125 - 1)
  }

  @Test("edges lie half way between centres, in the way the axis spaces them")
  func edges() {
    #expect(Heatmap.edges(around: [0, 1, 3], on: .linear) == [-0.5, 0.5, 2, 4])
    let decades = Heatmap.edges(around: [1, 100], on: .log10)
    for (edge, truth) in zip(decades, [0.1, 10, 1000]) {
      // Powers of ten multiply the roundings of logarithms up to 3 by ln 10.
      #expect(abs(edge / truth - 1) < 1e-14)
    }
    #expect(Heatmap.edges(around: [7], on: .linear) == [6.5, 7.5])
    #expect(Heatmap.edges(around: [], on: .linear).isEmpty)
  }

  @Test("a log axis leaves out the columns that it cannot show, and no others")
  func cropping() throws {
    let heatmap = try Heatmap(
      values: [1, 2, 3, 4, 5, 6, 7, 8], rowCenters: [0, 1], columnCenters: [-1, 0, 1, 10])
    let shown = heatmap.cropped(to: AxisScales(x: .log10, y: .linear))
    #expect(shown.values == [3, 4, 7, 8])
    #expect(shown.columnCenters == [1, 10])
    #expect(heatmap.cropped(to: AxisScales(x: .linear, y: .linear)) == heatmap)
    let none = heatmap.cropped(to: AxisScales(x: .linear, y: .log10))
    #expect(none.values == [5, 6, 7, 8])
  }

  @Test("coordinates that do not increase are refused with the value")
  func coordinates() {
    #expect {
      try Heatmap(values: [1, 2], rowCenters: [0], columnCenters: [3.25, 3.25])
    } throws: { error in
      let error = error as? FigureError
      return error?.code == .coordinatesNotIncreasing && error?.place == "column 1"
        && error?.description.contains("3.25") == true
    }
    #expect {
      try Heatmap(values: [1], rowCenters: [.nan], columnCenters: [0])
    } throws: { error in
      (error as? FigureError)?.code == .coordinateNotFinite
    }
  }

  @Test("the ramp's lightness falls evenly")
  func rampIsEven() {
    // Lightness of OKLab from its defining matrices: B. Ottosson, 2020.
    func lightness(_ color: Color) -> Double {
      func linear(_ channel: UInt8) -> Double {
        let value = Double(channel) / 255
        return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055, 2.4)
      }
      let red = linear(color.red)
      let green = linear(color.green)
      let blue = linear(color.blue)
      let l = 0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue
      let m = 0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue
      let s = 0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue
      return 0.2104542553 * power(l, 1 / 3.0) + 0.7936177850 * power(m, 1 / 3.0)
        - 0.0040720468 * power(s, 1 / 3.0)
    }
    func power(_ base: Double, _ exponent: Double) -> Double {
      base > 0 ? powerOfTen(exponent * commonLogarithm(base)) : 0
    }
    let levels = (0..<256).map { lightness(SequentialReds.color(level: $0)) }
    let slope = (levels[255] - levels[0]) / 255
    #expect(slope < 0)
    for (level, value) in levels.enumerated() {
      // Rounding to eight bits and straight lines between anchors cost less than 1 %.
      #expect(abs(value - (levels[0] + slope * Double(level))) < 0.01)
    }
    #expect(Set((0..<256).map { SequentialReds.color(level: $0) }).count > 240)
  }
}
