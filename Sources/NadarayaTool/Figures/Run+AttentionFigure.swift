import Nadaraya
import NadarayaFigures
import Wording

extension Run {
  /// The attention weights, rows keys and columns queries, both in ascending order of the first
  /// input; where they are more than a picture shows, in cells.
  func attentionFigure() throws -> Figure {
    let (pooling, most) = (estimator.pooling, Self.mostCells)
    let map =
      try pooling.attentionMap(at: asked, rows: most, columns: most)
    bar.finish()
    warnOfEmptyWindows(
      map.emptyWindows.count,
      map.isBinned ? "they are left out of the cells" : "their columns are grey")
    let name = data.inputNames[0]
    let perRow = map.rows.first?.count ?? 1
    let perColumn = map.columns.first?.count ?? 1
    let (x, y) = ("query, in the order of \(name)", "key, in the order of \(name)")
    let whole =
      "the attention that each of \(counted(queries.count, "query")) pays to each of "
      + "\(counted(map.keyOrder.count, "key")), both in ascending order of \(name)"
    let title = "Attention weights over \(data.inputNames.joined(separator: ", "))"
    guard map.isBinned else {
      return Figure(
        title: title, accessibleDescription: "A heatmap of \(whole): \(summary).",
        caption: firstSentence,
        panels: [
          Panel.attention(
            title: "", weights: map.mean, keys: map.rows.count, queries: map.columns.count,
            xLabel: x, yLabel: y)
        ], colorScale: .attention)
    }
    func panel(_ title: String, _ cells: [Double], _ scale: ColorScale) -> Panel {
      Panel.attentionMap(
        title: title, cells: cells, keys: (perRow, map.keyOrder.count),
        queries: (perColumn, map.queryOrder.count),
        xLabel: perColumn > 1 ? x + ", 1 cell = \(perColumn) queries" : x,
        yLabel: perRow > 1 ? y + ", 1 cell = \(perRow) keys" : y, colorScale: scale)
    }
    return Figure(
      title: title,
      accessibleDescription: "Two heatmaps of \(whole), in cells of \(counted(perRow, "key")) and "
        + "\(counted(perColumn, "query")): the mean weight of a cell\u{2019}s pairs, and the largest. "
        + "\(firstSentence)",
      caption: firstSentence,
      panels: [
        panel("Mean weight in a cell", map.mean, .meanAttention),
        panel("Largest weight in a cell", map.largest, .largestAttention),
      ], columns: 2, width: 1100, height: 540)
  }
  /// A picture shows no more cells than this along a side.
  private static var mostCells: Int { 400 }
}
