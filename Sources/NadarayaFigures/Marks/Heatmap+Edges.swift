extension Heatmap {
  /// The boundaries of cells, one more than centres.
  ///
  /// Half way between centres as the axis spaces them, the outermost as far out as in.
  ///
  /// - Parameter centers: Increasing, and such as the axis can show.
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
