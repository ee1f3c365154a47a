/// A matrix of coloured cells.
///
/// Cell (r, c) is centred on the r-th row coordinate (y) and the c-th column coordinate (x) and
/// reaches half way to its neighbours. Colours follow the figure's ``ColorScale``; a value that is
/// not finite is grey, and the legend says so.
///
/// Rows and columns at coordinates that a log axis cannot show are left out.
///
/// Cells that would be smaller than half a pixel are averaged in whole groups down to what the
/// picture can show; ``Figure/simplifications`` says so.
package struct Heatmap: Equatable, Sendable {
  /// Shape `[rows, columns]`, row by row.
  package let values: [Double]

  /// The number of rows.
  package let rows: Int

  /// The number of columns.
  package let columns: Int

  /// The y of each row, finite and strictly increasing.
  package let rowCenters: [Double]

  /// The x of each column, finite and strictly increasing.
  package let columnCenters: [Double]

  /// Creates a heatmap over indices: row r is centred on y = r, column c on x = c.
  ///
  /// - Parameters:
  ///   - values: Shape `[rows, columns]`, row by row, or the program stops.
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  package init(values: [Double], rows: Int, columns: Int) {
    precondition(
      rows >= 0 && columns >= 0 && values.count == rows * columns,
      "A heatmap of \(rows) × \(columns) cells cannot have \(values.count) values.")
    self.values = values
    self.rows = rows
    self.columns = columns
    rowCenters = (0..<rows).map(Double.init)
    columnCenters = (0..<columns).map(Double.init)
  }

  /// Creates a heatmap over coordinates.
  ///
  /// - Parameters:
  ///   - values: Shape `[rowCenters.count, columnCenters.count]`, row by row, or the program stops.
  ///   - rowCenters: The y of each row, finite and strictly increasing.
  ///   - columnCenters: The x of each column, finite and strictly increasing.
  /// - Throws: ``FigureError`` if coordinates are not finite or do not increase.
  package init(
    values: [Double], rowCenters: [Double], columnCenters: [Double]
  ) throws(FigureError) {
    precondition(
      values.count == rowCenters.count * columnCenters.count,
      "A heatmap of \(rowCenters.count) × \(columnCenters.count) cells cannot have \(values.count) values."
    )
    self.values = values
    rows = rowCenters.count
    columns = columnCenters.count
    try Self.requireIncreasing(rowCenters, place: "row")
    try Self.requireIncreasing(columnCenters, place: "column")
    self.rowCenters = rowCenters
    self.columnCenters = columnCenters
  }

  /// Creates a heatmap over coordinates that are known to increase.
  init(values: [Double], knownRowCenters: [Double], knownColumnCenters: [Double]) {
    self.values = values
    rows = knownRowCenters.count
    columns = knownColumnCenters.count
    rowCenters = knownRowCenters
    columnCenters = knownColumnCenters
  }

  /// The smallest and the largest finite value; nil if there is none.
  ///
  /// - Complexity: O(number of cells).
  var valueRange: ClosedRange<Double>? {
    values.reduce(nil) { $1.isFinite ? widened($0, toHold: $1) : $0 }
  }

  private static func requireIncreasing(
    _ centers: [Double], place: String
  ) throws(FigureError) {
    for (index, center) in centers.enumerated() {
      guard center.isFinite else {
        throw .coordinateNotFinite(center, place: "\(place) \(index)")
      }
      if index > 0, center <= centers[index - 1] {
        throw .coordinatesNotIncreasing(
          center, after: centers[index - 1], place: "\(place) \(index)")
      }
    }
  }
}

extension Heatmap {
  /// The boundaries of cells, one more than centres.
  ///
  /// Halfway between centres on the axis' scale; the outermost cells are symmetric.
  ///
  /// - Parameter centers: Increasing, and within what the axis can show.
  static func edges(around centers: [Double], on scale: Axis.Scale) -> [Double] {
    guard let first = centers.first, let last = centers.last else { return [] }
    let places = centers.map(scale.transform)
    let between = zip(places, places.dropFirst()).map { $0 / 2 + $1 / 2 }
    // A single cell has no neighbour to share the room with: it gets one unit.
    let halfFirst = between.first.map { $0 - scale.transform(first) } ?? 0.5
    let halfLast = between.last.map { scale.transform(last) - $0 } ?? 0.5
    let edges = [places[0] - halfFirst] + between + [places[places.count - 1] + halfLast]
    return scale == .linear ? edges : edges.map { powerOfTen($0) }
  }

  /// The rows and columns that the axes can show; on a log axis, those at positive coordinates.
  func cropped(to scales: AxisScales) -> Heatmap {
    let row = rowCenters.firstIndex(where: scales.y.canShow) ?? rows
    let column = columnCenters.firstIndex(where: scales.x.canShow) ?? columns
    guard row > 0 || column > 0 else { return self }
    let kept = (row..<rows).flatMap { row in
      values[row * columns + column..<(row + 1) * columns]
    }
    return Heatmap(
      values: Array(kept), knownRowCenters: Array(rowCenters[row...]),
      knownColumnCenters: Array(columnCenters[column...]))
  }
}
