import Nadaraya
import NadarayaFigures
import Tables

extension Run {
  private var summary: String {
    let bandwidths = estimator.similarity.bandwidths.map { short($0) }.joined(separator: ", ")
    return "\(estimator.similarity.kernel.name) kernel, bandwidth \(bandwidths)"
  }

  /// One panel for each value column: the data and the fit over the one input.
  func fitFigure() throws -> Figure {
    guard data.keyNames.count == 1, let name = data.keyNames.first else {
      throw Failure.usage(
        "a fit is drawn over one input, -x names \(data.keyNames.count)",
        hint: "--attention draws weights for any number of inputs")
    }
    let predictions = try omitsOwnKey ? estimator.leaveOneOut() : estimator.predict(queries)
    warnOfEmptyWindows(predictions.emptyWindows.count)
    let order = queries.indices.sorted { queries.coordinates[$0] < queries.coordinates[$1] }
    let panels = zip(data.valueNames, zip(data.values, predictions.estimates)).map {
      valueName, columns in
      Panel.fit(
        title: data.valueNames.count > 1 ? valueName : "",
        points: Panel.Curve(x: data.keyColumns[0], y: columns.0),
        fit: Panel.Curve(
          x: order.map { queries.coordinates[$0] }, y: order.map { columns.1[$0] }),
        x: Axis(label: name), y: Axis(label: valueName))
    }
    let values = data.valueNames.joined(separator: ", ")
    return Figure(
      title: "\(values) by \(name)",
      accessibleDescription: "\(counted(data.table.rowCount, "row")) of \(values) over \(name) as "
        + "points with the Nadaraya–Watson estimate as a curve: \(summary).",
      caption: summary.prefix(1).uppercased() + summary.dropFirst(), panels: panels,
      columns: min(panels.count, 2), sharedAxes: .x)
  }

  /// The attention weights, rows keys and columns queries, both in ascending order of the first
  /// input.
  func attentionFigure() throws -> Figure {
    let cells = data.table.rowCount * queries.count
    guard cells <= 1 << 26 else {
      throw Failure.usage(
        "a heatmap of \(data.table.rowCount) keys × \(queries.count) queries has too many cells",
        hint: "--grid 200 makes few queries; nadaraya attention lists weights at any scale")
    }
    let weights =
      try omitsOwnKey
      ? estimator.leaveOneOutAttentionWeights() : estimator.attentionWeights(at: queries)
    warnOfEmptyWindows(weights.emptyWindows.count)
    let keyOrder = Self.ascending(estimator.keys)
    let queryOrder = Self.ascending(queries)
    let matrix = keyOrder.flatMap { key in queryOrder.map { weights[key, $0] } }
    let name = data.keyNames[0]
    return Figure(
      title: "Attention weights",
      accessibleDescription: "A heatmap of the attention that each of "
        + "\(counted(queries.count, "query")) pays to each of \(counted(keyOrder.count, "key")), "
        + "both in ascending order of \(name): \(summary).",
      caption: summary.prefix(1).uppercased() + summary.dropFirst(),
      panels: [
        Panel.attention(
          title: "", weights: matrix, keys: keyOrder.count, queries: queryOrder.count,
          xLabel: "query, by \(name)", yLabel: "key, by \(name)")
      ], colorScale: .attention)
  }

  private static func ascending(_ points: Points) -> [Int] {
    let first = points.column(0)
    return points.indices.sorted { (first[$0], $0) < (first[$1], $1) }
  }
}
