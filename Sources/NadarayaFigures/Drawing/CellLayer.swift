/// A grid of coloured cells, grouped by colour into horizontal runs.
struct CellLayer: Hashable, Sendable {
  /// Neighbouring cells of one row that share a colour.
  struct Run: Hashable, Sendable {
    var row: Int
    var columns: Range<Int>
  }

  /// All cells of one colour, in reading order.
  struct Group: Hashable, Sendable {
    var color: Color
    var runs: [Run]
  }

  /// The level of a value that is not finite.
  static let missing = -1

  /// Boundaries of rows from the top, one more than rows.
  let rowPixels: [Double]

  /// Boundaries of columns from the left, one more than columns.
  let columnPixels: [Double]

  /// Cells by colour: missing cells first, then from the colour nearest to paper.
  let groups: [Group]

  /// Groups cells.
  ///
  /// - Parameters:
  ///   - levels: 0 to 255 or ``missing``, row by row.
  ///   - rowPixels: Boundaries of rows, falling where rows grow upwards.
  ///   - columnPixels: Boundaries of columns, falling where columns grow leftwards.
  /// - Complexity: O(number of cells).
  init(levels: [Int], rowPixels: [Double], columnPixels: [Double]) {
    let rows = rowPixels.count - 1
    let columns = columnPixels.count - 1
    precondition(levels.count == rows * columns)
    let isUpward = rowPixels[0] > rowPixels[rows]
    let isLeftward = columnPixels[0] > columnPixels[columns]
    func level(_ row: Int, _ column: Int) -> Int {
      levels[
        (isUpward ? rows - 1 - row : row) * columns
          + (isLeftward ? columns - 1 - column : column)]
    }

    var runs: [[Run]] = Array(repeating: [], count: SequentialReds.levels + 1)
    for row in 0..<rows {
      var start = 0
      for column in 1...columns
      where column == columns || level(row, column) != level(row, start) {
        runs[level(row, start) + 1].append(Run(row: row, columns: start..<column))
        start = column
      }
    }
    groups = runs.enumerated().compactMap { index, runs in
      guard !runs.isEmpty else { return nil }
      let color = index == 0 ? Color.missing : SequentialReds.color(level: index - 1)
      return Group(color: color, runs: runs)
    }
    self.rowPixels = isUpward ? rowPixels.reversed() : rowPixels
    self.columnPixels = isLeftward ? columnPixels.reversed() : columnPixels
  }
}
