/// Many points as few dots: those in one small cell are drawn once, farther from paper where
/// they are many.
struct PointGrid {
  /// A cell of the grid.
  struct Cell: Hashable {
    var column: Int
    var row: Int
  }

  /// Up to this many points are drawn one by one.
  static let threshold = 1000

  /// The number of layers that tell counts apart.
  static let levels = 8

  /// The width of a cell in pixels.
  let pitch: Double

  /// How many points each occupied cell holds.
  let counts: [Cell: Int]

  /// Sorts points into the finest grid that leaves few dots.
  ///
  /// - Complexity: O(n).
  init(_ points: [Point]) {
    var pitch = 0.5
    var counts = Self.count(points, pitch: pitch)
    while counts.count > 10_000, pitch < 4 {
      pitch *= 2
      counts = Self.count(points, pitch: pitch)
    }
    self.pitch = pitch
    self.counts = counts
  }

  /// Whether dots can look nearly as all the points would: a fine grid with few points in each cell.
  var isFaithful: Bool { pitch < 1 && counts.values.allSatisfy { $0 <= Self.levels } }

  private static func count(_ points: [Point], pitch: Double) -> [Cell: Int] {
    var counts: [Cell: Int] = [:]
    for point in points {
      let cell = Cell(
        column: Int((point.x / pitch).rounded()), row: Int((point.y / pitch).rounded()))
      counts[cell, default: 0] += 1
    }
    return counts
  }

  /// The dots, in reading order so that equal points give equal bytes.
  ///
  /// - Parameters:
  ///   - radius: Of one dot, in pixels.
  ///   - color: Of all dots.
  ///   - opacity: Of a dot that stands for one point; what density layers are multiples of.
  func shapes(radius: Double, color: Color, opacity: Double) -> [Shape] {
    let cells = counts.sorted {
      ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column)
    }
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

  /// Layers that darken where they overlap, nearly as single points do.
  ///
  /// Dots of one layer do not darken each other, so neighbours go to different layers, and a cell
  /// of n points to n of them.
  private static func overlappingLayers(_ cells: [(key: Cell, value: Int)]) -> [[Cell]] {
    var layers: [[Cell]] = Array(repeating: [], count: levels)
    for (cell, count) in cells {
      // A step of three a row puts a cell's eight neighbours into other layers than its own.
      let first = cell.column + 3 * cell.row
      for offset in 0..<count {
        layers[(((first + offset) % levels) + levels) % levels].append(cell)
      }
    }
    return layers
  }

  /// Layers of growing opacity, by the logarithm of the number of points.
  private static func densityLayers(
    _ cells: [(key: Cell, value: Int)], _ opacity: Double
  ) -> [(cells: [Cell], opacity: Double)] {
    // Where few points meet, two of them shall not look like the most that can be.
    let largest = commonLogarithm(Double(max(levels, cells.map(\.value).max() ?? 1)))
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
