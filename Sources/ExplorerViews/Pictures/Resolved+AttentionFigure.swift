internal import Nadaraya
internal import NadarayaFigures
internal import Wording

extension Resolved {
  /// The attention of queries along the picture's input, as columns, over the keys in ascending order, as
  /// rows.
  func figure(of attention: AttentionCells) -> Figure {
    let map = attention.map
    let perRow = map.rows.first?.count ?? 1
    let rows = map.rows.map { Double($0.lowerBound) + Double(perRow - 1) / 2 }
    // Places closer to each other than doubles can tell apart have no cells.
    let heatmap = try? Heatmap(
      values: map.mean, rowCenters: rows, columnCenters: attention.places)
    let count = Double(map.keyOrder.count)
    // Beside a narrow picture there is no room for words.
    let scale =
      view.width < 600
      ? ColorScale(includesZero: true) : perRow > 1 ? .meanAttention : .attention
    let panel = Panel(
      x: horizontalAxis,
      y: Axis(
        label: view.width < 600
          ? "key"
          : "key, in the order of \(view.over)"
            + (perRow > 1 ? ", 1 cell = \(perRow) keys" : ""),
        limits: -0.5...max(count - 0.5, 0.5), isReversed: true, marksWholeNumbers: true),
      marks: [heatmap.map(Mark.heatmap)].compactMap(\.self))
    return Figure(
      title: "Attention over \(view.over)",
      accessibleDescription:
        "A heatmap of the attention that each of \(counted(attention.places.count, "query")) along "
        + "\(view.over) pays to \(counted(map.keyOrder.count, "key")) in ascending order of it"
        + (perRow > 1 ? ", in cells of \(perRow) keys" : "") + ". \(summary)",
      panels: [panel], colorScale: scale, width: Double(view.width))
  }
}
