extension Panel {
  /// The attention that each query pays to each key, as a matrix: key 0 at the top, query 0 at the
  /// left.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A quieter line under it.
  ///   - weights: Shape `[keys, queries]`, row by row, or the program stops.
  ///   - keys: The number of rows.
  ///   - queries: The number of columns.
  ///   - xLabel: What the columns are.
  ///   - yLabel: What the rows are.
  public static func attention(
    title: String, subtitle: String = "", weights: [Double], keys: Int, queries: Int,
    xLabel: String = "query", yLabel: String = "key, sorted"
  ) -> Panel {
    Panel(
      title: title, subtitle: subtitle, x: Axis(label: xLabel, marksWholeNumbers: true),
      y: Axis(label: yLabel, isReversed: true, marksWholeNumbers: true),
      marks: [.heatmap(Heatmap(values: weights, rows: keys, columns: queries))])
  }
}

extension ColorScale {
  /// The scale for attention weights: from 0 to the largest weight of the figure.
  public static let attention = ColorScale(label: "attention weight", includesZero: true)
}
