/// Many points as few dots: those in one small cell are drawn once, farther from paper if there are
/// many.
struct PointGrid {
  /// A cell of the grid.
  struct Cell: Hashable {
    var column: Int
    var row: Int
  }

  /// Up to this many points are drawn one by one.
  static let threshold = 1000

  /// The number of layers that distinguish counts.
  static let levels = 8

  /// The width of a cell in pixels.
  let pitch: Double

  /// The occupied cells in reading order, each with its number of points.
  let cells: [(cell: Cell, count: Int)]

  /// More dots than these are merged on a coarser grid.
  private static let mostDots = 10_000

  /// Pictures larger than this, 64 MB of cells, store only cells with points.
  private static let mostCells = 1 << 24

  /// Sorts points into the finest grid that leaves few dots.
  ///
  /// - Complexity: O(n), and O(room) for the cells of the rectangle that the points fill.
  init(_ points: [Point]) {
    var pitch = 0.5
    while pitch < 4 {
      // Too many dots can be detected before most of the points are visited.
      if let cells = Self.cells(points, pitch: pitch, atMost: Self.mostDots) {
        self.pitch = pitch
        self.cells = cells
        return
      }
      pitch *= 2
    }
    self.pitch = pitch
    cells = Self.cells(points, pitch: pitch, atMost: .max) ?? []
  }

  /// Whether dots look nearly the same as all the points: a fine grid with few points in each cell.
  var isFaithful: Bool { pitch < 1 && cells.allSatisfy { $0.count <= Self.levels } }

  /// The occupied cells of a grid; nil if there are more than a limit.
  private static func cells(
    _ points: [Point], pitch: Double, atMost limit: Int
  ) -> [(cell: Cell, count: Int)]? {
    guard let first = points.first else { return [] }
    var (minX, maxX, minY, maxY) = (first.x, first.x, first.y, first.y)
    for point in points {
      minX = min(minX, point.x)
      maxX = max(maxX, point.x)
      minY = min(minY, point.y)
      maxY = max(maxY, point.y)
    }
    let columns = place(minX, pitch)...place(maxX, pitch)
    let rows = place(minY, pitch)...place(maxY, pitch)
    guard columns.count * rows.count <= Self.mostCells else {
      return sparseCells(points, pitch: pitch, atMost: limit)
    }
    var counts = [Int32](repeating: 0, count: columns.count * rows.count)
    var occupied = 0
    for point in points {
      let index =
        (place(point.y, pitch) - rows.lowerBound) * columns.count
        + place(point.x, pitch) - columns.lowerBound
      if counts[index] == 0 {
        occupied += 1
        if occupied > limit { return nil }
      }
      counts[index] += 1
    }
    var cells: [(cell: Cell, count: Int)] = []
    cells.reserveCapacity(occupied)
    for (index, count) in counts.enumerated() where count > 0 {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
      let cell = Cell(column: columns.lowerBound + column, row: rows.lowerBound + row)
      cells.append((cell, Int(count)))
    }
    return cells
  }

  /// The same on a grid too large to store every cell.
  private static func sparseCells(
    _ points: [Point], pitch: Double, atMost limit: Int
  ) -> [(cell: Cell, count: Int)]? {
    var counts: [Cell: Int] = [:]
    for point in points {
      counts[Cell(column: place(point.x, pitch), row: place(point.y, pitch)), default: 0] += 1
      if counts.count > limit { return nil }
    }
    return counts.map { (cell: $0.key, count: $0.value) }.sorted {
      ($0.cell.row, $0.cell.column) < ($1.cell.row, $1.cell.column)
    }
  }

  /// The cell of a coordinate: the nearest whole number, halves away from zero.
  @inline(__always)
  private static func place(_ coordinate: Double, _ pitch: Double) -> Int {
    let scaled = coordinate / pitch
    // Rounding is a library call on processors without an instruction for it.
    let whole = Int(scaled)
    let rest = scaled - Double(whole)
    return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole
  }

  /// The dots, in reading order so that equal points give equal bytes.
  ///
  /// - Parameters:
  ///   - radius: Of one dot, in pixels.
  ///   - color: Of all dots.
  ///   - opacity: The opacity of a dot for one point; density layers are multiples of it.
  func shapes(radius: Double, color: Color, opacity: Double) -> [Shape] {
    // Crowded discs on a coarse grid would weave a pattern; whole cells meet without one.
    let isTiled = pitch >= 1
    let layers: [(cells: [Cell], opacity: Double)] =
      isFaithful
      ? Self.overlappingLayers(cells).map { ($0, opacity) } : Self.densityLayers(cells, opacity)
    return layers.filter { !$0.cells.isEmpty }.map { layer in
      .dots(
        layer.cells, pitch: pitch, radius: isTiled ? nil : max(radius, pitch * 0.6), color: color,
        opacity: layer.opacity)
    }
  }

  /// Layers that darken where they overlap, nearly like single points.
  ///
  /// Dots of one layer do not darken each other, so neighbours go to different layers, and a cell
  /// of n points to n of them.
  private static func overlappingLayers(_ cells: [(cell: Cell, count: Int)]) -> [[Cell]] {
    var layers: [[Cell]] = Array(repeating: [], count: levels)
    for (cell, count) in cells {
      // A step of three per row puts a cell's eight neighbours into layers other than its own.
      let first = cell.column + 3 * cell.row
      for offset in 0..<count {
        layers[(((first + offset) % levels) + levels) % levels].append(cell)
      }
    }
    return layers
  }

  /// Layers of growing opacity, by the logarithm of the number of points.
  private static func densityLayers(
    _ cells: [(cell: Cell, count: Int)], _ opacity: Double
  ) -> [(cells: [Cell], opacity: Double)] {
    // If no cell has many points, a cell of two should not look like the densest possible.
    let largest = commonLogarithm(Double(max(levels, cells.map(\.count).max() ?? 1)))
    var layers: [[Cell]] = Array(repeating: [], count: levels)
    for (cell, count) in cells {
      let share = commonLogarithm(Double(count)) / largest
      layers[Int((share * Double(levels - 1)).rounded())].append(cell)
    }
    return layers.enumerated().map { level, cells in
      (cells, min(opacity * (0.6 + 1.2 * Double(level) / Double(levels - 1)), 1))
    }
  }
}
