extension Panel {
  /// The attention that each query pays to each key, as a matrix: key 0 at the top, query 0 at the
  /// left.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A less prominent line under it.
  ///   - weights: Shape `[keys, queries]`, row by row, or the program stops.
  ///   - keys: The number of rows.
  ///   - queries: The number of columns.
  ///   - xLabel: What the columns are.
  ///   - yLabel: What the rows are.
  package static func attention(
    title: String, subtitle: String = "", weights: [Double], keys: Int, queries: Int,
    xLabel: String = "query", yLabel: String = "key, sorted"
  ) -> Panel {
    Panel(
      title: title, subtitle: subtitle, x: Axis(label: xLabel, marksWholeNumbers: true),
      y: Axis(label: yLabel, isReversed: true, marksWholeNumbers: true),
      marks: [.heatmap(Heatmap(values: weights, rows: keys, columns: queries))])
  }

  /// The attention in cells of several keys and queries, laid out in the same way.
  ///
  /// Coordinates are those of keys and queries, so a cell covers the keys and queries it represents.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A less prominent line under it.
  ///   - cells: Shape `[rows, columns]`, row by row, or the program stops.
  ///   - keys: The number of keys per row, and of all keys.
  ///   - queries: The number of queries per column, and of all queries.
  ///   - xLabel: What the columns are.
  ///   - yLabel: What the rows are.
  ///   - colorScale: What the colours measure.
  package static func attentionMap(
    title: String, subtitle: String = "", cells: [Double], keys: (perRow: Int, count: Int),
    queries: (perColumn: Int, count: Int), xLabel: String, yLabel: String, colorScale: ColorScale
  ) -> Panel {
    func centers(_ length: Int, _ count: Int) -> [Double] {
      stride(from: 0, to: count, by: length).map { Double($0) + Double(length - 1) / 2 }
    }
    let rows = centers(keys.perRow, keys.count)
    let columns = centers(queries.perColumn, queries.count)
    precondition(
      cells.count == rows.count * columns.count,
      "A map of \(rows.count) × \(columns.count) cells cannot have \(cells.count) values.")
    return Panel(
      title: title, subtitle: subtitle, x: Axis(label: xLabel, marksWholeNumbers: true),
      y: Axis(label: yLabel, isReversed: true, marksWholeNumbers: true),
      marks: [
        .heatmap(Heatmap(values: cells, knownRowCenters: rows, knownColumnCenters: columns))
      ], colorScale: colorScale)
  }
}

extension ColorScale {
  /// The scale for attention weights: from 0 to the largest weight of the figure.
  package static let attention = ColorScale(label: "attention weight", includesZero: true)

  /// The scale for the mean weight of cells.
  package static let meanAttention = ColorScale(label: "mean attention weight", includesZero: true)

  /// The scale for the largest weight of cells.
  package static let largestAttention = ColorScale(
    label: "largest attention weight", includesZero: true)
}
