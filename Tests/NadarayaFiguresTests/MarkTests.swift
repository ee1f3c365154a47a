import Testing

@testable import NadarayaFigures

/// A plot whose pixels are 100 times its data, y upwards.
private let plot = Plot(
  frame: Rectangle(minX: 0, minY: 0, width: 100, height: 100),
  x: Projection(limits: 0...1, scale: .linear, start: 0, end: 100),
  y: Projection(limits: 0...1, scale: .linear, start: 100, end: 0))

private func pieces(_ mark: Mark, in plot: Plot = plot) -> [[Point]] {
  mark.content.shapes(in: plot).flatMap { shape -> [[Point]] in
    if case .path(let path, _, _) = shape { path.pieces.map(\.points) } else { [] }
  }
}

@Suite("Marks")
struct MarkTests {
  @Test("a line is never joined across what cannot be shown", arguments: [Double.nan, .infinity])
  func lineGaps(hole: Double) {
    let x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    let found = pieces(.line(Line(x: x, y: [0.1, 0.2, hole, 0.4, hole, 0.6])))
    #expect(found.map(\.count) == [2, 1, 1])
    #expect(pieces(.line(Line(x: [hole, hole], y: [0, 1]))).isEmpty)
  }

  @Test("a log axis leaves a gap at zero and below")
  func logarithmicGap() {
    let log = Plot(
      frame: plot.frame, x: plot.x,
      y: Projection(limits: 0.01...1, scale: .log10, start: 100, end: 0))
    let found = pieces(.line(Line(x: [0.1, 0.2, 0.3], y: [0.1, 0, 1])), in: log)
    #expect(found.map(\.count) == [1, 1])
    // Half of two decades, on a hundred pixels: far below the hundredths that are drawn, and above rounding.
    #expect(abs(found[0][0].y - 50) < 1e-9)
  }

  @Test("a band has a gap where either border is missing")
  func bandGaps() {
    let x = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    let found = pieces(
      .band(
        Band(
          x: x, lower: [0, 0, .nan, 0, 0, 0], upper: [1, 1, 1, 1, .nan, 1])))
    // Two whole x make a quadrilateral; one x alone has no area.
    #expect(found.map(\.count) == [4])
  }

  @Test("a bar with an end that cannot be shown is left out")
  func intervalBars() {
    let found = pieces(
      .intervalBars(
        IntervalBars(x: [0.2, 0.5, 0.8], lower: [0.1, -.infinity, 0.3], upper: [0.4, 0.9, .nan])))
    // One bar with a line at each end.
    #expect(found.map(\.count) == [2, 2, 2])
    #expect(found[0].map(\.y) == [90, 60])
  }

  @Test("a shaded stretch ends at the panel, and is nowhere outside it")
  func shading() {
    func areas(_ range: ClosedRange<Double>) -> [Rectangle] {
      Shading(range).shapes(in: plot).compactMap { shape in
        if case .rectangle(let area, _, _) = shape { area } else { nil }
      }
    }
    #expect(
      areas(-5...0.25) == [Rectangle(minX: 0, minY: 0, width: 25, height: 100)])
    #expect(areas(2...3).isEmpty)
  }

  @Test("words at a point stay inside the panel", arguments: [0.0, 0.5, 1.0], [0.0, 0.5, 1.0])
  func annotation(x: Double, y: Double) {
    for side in [Annotation.Side.above, .below] {
      let lines = Annotation("h = 0.5 (0.4 to 0.6)", x: x, y: y, side: side).shapes(in: plot)
        .compactMap { shape in
          if case .text(let line) = shape { line.bounds } else { nil }
        }
      #expect(!lines.isEmpty)
      for box in lines {
        #expect(box.minX >= 0 && box.maxX <= 100 && box.minY >= 0 && box.maxY <= 100)
      }
    }
    #expect(Annotation("h", x: .nan, y: 0.5).shapes(in: plot).isEmpty)
    #expect(Annotation("h", x: 7, y: 0.5).shapes(in: plot).isEmpty)
  }

  @Test("what is cut off keeps its slope and never leaves the neighbourhood")
  func clipping() {
    let found = pieces(.line(Line(x: [-1e6, 1e6], y: [-1e6, 1e6])))
    #expect(found.count == 1)
    for point in found.joined() {
      #expect(plot.frame.insetBy(-20).contains(point))
      // The diagonal of the plot: x + y = 100 in pixels. Cutting a line of 10⁸ pixels leaves 1e-8 of them.
      #expect(abs(point.x + point.y - 100) < 1e-6)
    }
    #expect(pieces(.line(Line(x: [0, 1], y: [5, 6]))).isEmpty)
  }

  @Test("a long line keeps its extremes and few points")
  func condensing() {
    let points = SampleFigures.scattered(100_000).enumerated().map {
      Point(x: Double($0) / 1000, y: $1)
    }
    let kept = condensed(points)
    // 200 half pixels, at most four points in each.
    #expect(kept.count <= 4 * 201)
    #expect(kept.first == points.first && kept.last == points.last)
    #expect(kept.map(\.y).max() == points.map(\.y).max())
    #expect(kept.map(\.y).min() == points.map(\.y).min())
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.x <= $1.x })
  }

  @Test("every point is counted in one dot, and order does not matter")
  func merging() {
    let count = 100_000
    let x = SampleFigures.scattered(count)
    let y = SampleFigures.scattered(count, seed: 0.754_877_666)
    let points = zip(x, y).map { Point(x: $0 * 400, y: $1 * 200) }
    let grid = PointGrid(points)
    #expect(grid.cells.map(\.count).reduce(0, +) == count)
    #expect(grid.cells.count <= 10_000)
    func figure(_ x: [Double], _ y: [Double]) -> String {
      Figure(
        accessibleDescription: "", panels: [Panel(marks: [.scatter(Scatter(x: x, y: y))])]
      ).svg()
    }
    let text = figure(x, y)
    #expect(text == figure(x.reversed(), y.reversed()))
    #expect(text.utf8.count < 200_000)
  }

  @Test("a cell of n points darkens as n points would")
  func overlap() {
    let grid = PointGrid(Array(repeating: Point(x: 5, y: 5), count: 3) + [Point(x: 9, y: 9)])
    let dots = grid.shapes(radius: 1, color: .points, opacity: 0.5).flatMap { shape in
      if case .dots(let cells, _, _, _, _) = shape { cells } else { [PointGrid.Cell]() }
    }
    #expect(dots.filter { $0 == PointGrid.Cell(column: 10, row: 10) }.count == 3)
    #expect(dots.count == 4)
    #expect(grid.isFaithful)
    #expect(!PointGrid(Array(repeating: Point(x: 5, y: 5), count: 9)).isFaithful)
  }

  @Test("stems stand on zero, and zero is in view")
  func stems() {
    let mark = Mark.stems(Stems(x: [0.25, 0.5, 0.75], y: [0.5, .nan, 1]))
    #expect(mark.content.extent(on: AxisScales(x: .linear, y: .linear)).y == 0...1)
    #expect(
      pieces(mark) == [
        [Point(x: 25, y: 100), Point(x: 25, y: 50)], [Point(x: 75, y: 100), Point(x: 75, y: 0)],
      ])
  }

  @Test("a rule crosses the whole panel, and one that is out of view is not drawn")
  func rules() {
    #expect(
      pieces(.rule(Rule(.vertical, at: 0.5))) == [[Point(x: 50, y: 100), Point(x: 50, y: 0)]])
    #expect(
      pieces(.rule(Rule(.horizontal, at: 0.25))) == [[Point(x: 0, y: 75), Point(x: 100, y: 75)]])
    #expect(pieces(.rule(Rule(.vertical, at: 2))).isEmpty)
    #expect(pieces(.rule(Rule(.vertical, at: .nan))).isEmpty)
  }

  @Test("the first 28 series differ, each from its neighbours in colour and in rhythm")
  func series() {
    let strokes = (0..<28).map(Stroke.series)
    #expect(Set(strokes).count == 28)
    for (stroke, next) in zip(strokes, strokes.dropFirst()) {
      #expect(stroke.color != next.color && stroke.dash != next.dash)
    }
  }
}
