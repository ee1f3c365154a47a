import Nadaraya
import NadarayaFigures
import Tables

extension Run {
  static func canDrawAttention(_ data: DataTable, _ queries: Points) throws {
    guard data.rowCount * queries.count <= 1 << 26 else {
      throw Failure.usage(
        "a heatmap of \(data.rowCount) keys × \(queries.count) queries has too many cells",
        hint: "--grid 200 makes few queries; nadaraya attention lists weights at any scale")
    }
  }

  /// The attention weights, rows keys and columns queries, both in ascending order of the first
  /// input.
  func attentionFigure() throws -> Figure {
    let weights =
      try omitsOwnKey
      ? estimator.polynomial!.leaveOneOutAttentionWeights()
      : estimator.polynomial!.attentionWeights(at: queries)
    bar.finish()
    warnOfEmptyWindows(weights.emptyWindows.count, "their columns are grey")
    let keyOrder = Self.ascending(data.keys)
    let queryOrder = Self.ascending(queries)
    let matrix = keyOrder.flatMap { key in queryOrder.map { weights[key, $0] } }
    let name = data.inputNames[0]
    return Figure(
      title: "Attention weights over \(data.inputNames.joined(separator: ", "))",
      accessibleDescription: "A heatmap of the attention that each of "
        + "\(counted(queries.count, "query")) pays to each of \(counted(keyOrder.count, "key")), "
        + "both in ascending order of \(name): \(summary).",
      caption: firstSentence,
      panels: [
        Panel.attention(
          title: "", weights: matrix, keys: keyOrder.count, queries: queryOrder.count,
          xLabel: "query, in the order of \(name)", yLabel: "key, in the order of \(name)")
      ], colorScale: .attention)
  }

  private static func ascending(_ points: Points) -> [Int] {
    let first = points.column(0)
    return points.indices.sorted { (first[$0], $0) < (first[$1], $1) }
  }
}
