import Testing

@testable import NadarayaFigures

@Suite("Path data")
struct PathDataTests {
  @Test("a polyline reads back to half a hundredth of a pixel, without drift")
  func readsBack() {
    let points = zip(
      SampleFigures.scattered(5000), SampleFigures.scattered(5000, seed: 0.754_877_666)
    ).map { Point(x: $0 * 900 - 100, y: $1 * 0.5 - 0.2) }
    var path = Path()
    path.addPolyline(points)
    path.addPolygon(Array(points.prefix(7)))
    let read = PathReading(SVGPath.data(path)).subpaths
    #expect(read.count == 2)
    #expect(read[0].count == points.count)
    for (found, truth) in zip(read[0], points) {
      #expect(abs(found.x - truth.x) < halfOfAHundredth)
      #expect(abs(found.y - truth.y) < halfOfAHundredth)
    }
  }

  @Test("points that fall together are written once, and the rest stays where it is")
  func repeatedPoints() {
    let corner = Point(x: 10, y: 20)
    for points in [
      [corner, corner, Point(x: 30, y: 25), Point(x: 30.001, y: 25), Point(x: 50, y: 5)],
      [corner, Point(x: 10.001, y: 20.002), corner, Point(x: 30, y: 25), Point(x: 50, y: 5)],
    ] {
      var path = Path()
      path.addPolyline(points)
      let read = PathReading(SVGPath.data(path)).subpaths
      #expect(read.count == 1)
      #expect(read[0].map(\.x) == [10, 30, 50])
      #expect(read[0].map(\.y) == [20, 25, 5])
    }
    var dot = Path()
    dot.addPolyline([corner, corner, corner])
    #expect(SVGPath.data(dot) == "M10 20h0")
  }

  @Test(
    "numbers have no idle characters",
    arguments: [
      (0.0, "0"), (-0.001, "0"), (12, "12"), (-0.5, "-.5"), (0.05, ".05"), (3.999, "4"),
      (-12.34, "-12.34"), (100.1, "100.1"),
    ])
  func numbers(value: Double, text: String) {
    #expect(SVGNumber.text(value) == text)
  }

  @Test("a single point is a dot of no length")
  func dot() {
    var path = Path()
    path.addPolyline([Point(x: 3, y: 4)])
    #expect(SVGPath.data(path) == "M3 4h0")
  }

  @Test("dots read back as their cells")
  func dots() {
    let cells = [(0, 0), (7, 0), (3, 2), (-4, 9)].map { PointGrid.Cell(column: $0, row: $1) }
    let read = PathReading(SVGPath.dots(cells, joinsNeighbors: false)).subpaths.map { $0[0] }
    #expect(read.map { Int($0.x) } == cells.map(\.column))
    #expect(read.map { Int($0.y) } == cells.map(\.row))
  }

  @Test("neighbours that are joined still cover their cells")
  func joinedDots() {
    let cells = [(1, 0), (2, 0), (3, 0), (5, 0), (6, 1), (2, 4), (3, 4)]
      .map { PointGrid.Cell(column: $0, row: $1) }
    let lines = PathReading(SVGPath.dots(cells, joinsNeighbors: true)).subpaths
    #expect(lines.count == 4)
    let covered = lines.flatMap { line in
      (Int(line[0].x)...Int(line[line.count - 1].x)).map {
        PointGrid.Cell(column: $0, row: Int(line[0].y))
      }
    }
    #expect(covered == cells)
  }

  @Test("uneven cells meet without gaps: a right end is the next left end")
  func unevenCells() {
    let pixels = [0, 10.333, 10.338, 55.5, 100.126]
    let runs = (0..<4).map { CellLayer.Run(row: 0, columns: $0..<$0 + 1) }
    let read = PathReading(
      SVGPath.runs(runs, rowPixels: [0, 5], columnPixels: pixels)
    ).subpaths
    for (cell, next) in zip(read, read.dropFirst()) {
      // Hundredths that are added up again, up to a hundred: far less than the next of them.
      #expect(abs((cell.map(\.x).max() ?? 0) - next[0].x) < 1e-9)
    }
  }
}
