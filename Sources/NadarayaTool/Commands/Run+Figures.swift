import Nadaraya
import NadarayaFigures
import Tables

extension Run {
  static func canDrawFit(_ data: DataTable, _ queries: Points) throws {
    guard data.inputNames.count == 1, data.labels.isEmpty else {
      throw Failure.usage(
        data.labels.isEmpty
          ? "a fit is drawn over one input, -x names \(data.keyNames.count)"
          : "a fit is drawn over one input that holds numbers, not over labels",
        hint: "--attention draws weights for any number of inputs")
    }
  }

  static func canDrawAttention(_ data: DataTable, _ queries: Points) throws {
    guard data.table.rowCount * queries.count <= 1 << 26 else {
      throw Failure.usage(
        "a heatmap of \(data.table.rowCount) keys × \(queries.count) queries has too many cells",
        hint: "--grid 200 makes few queries; nadaraya attention lists weights at any scale")
    }
  }

  private var summary: String {
    let kernel = estimator.similarity.kernel.name
    let bandwidths = estimator.similarity.bandwidths.map { short($0) }.joined(separator: ", ")
    let width =
      estimator.neighbors.map {
        "neighbors: \($0.count) of "
          + ($0.center == .ofKeys ? "each key" : "each query")
      } ?? "bandwidth \(bandwidths)"
    return
      (kernel == Kernel.constant.name
      ? "\(kernel) kernel" : "\(kernel) kernel, \(width)")
      + (data.hasWeights ? ", weighted" : "")
      + (omitsOwnKey ? ", each row left out of its own fit" : "")
  }

  /// One panel for each value column: the data and the fit over the one input.
  func fitFigure() throws -> Figure {
    let name = data.keyNames[0]
    let predictions = try omitsOwnKey ? estimator.leaveOneOut() : estimator.predict(queries)
    bar.finish()
    warnOfEmptyWindows(predictions.emptyWindows.count, "the curve has gaps there")
    let panels = zip(data.valueNames, zip(data.values, predictions.estimates)).map {
      panel(name, valueName: $0, values: $1.0, estimates: $1.1)
    }
    let values =
      panels.count > 2 ? "\(panels.count) values" : data.valueNames.joined(separator: ", ")
    return Figure(
      title: "\(values) by \(name)",
      accessibleDescription: "\(counted(data.table.rowCount, "row")) of \(values) over \(name) as "
        + "points with the Nadaraya–Watson estimate as a curve: \(summary).",
      caption: summary.prefix(1).uppercased() + summary.dropFirst(), panels: panels,
      columns: min(panels.count, 2), sharedAxes: .x)
  }

  /// So few estimates look like points that are joined, and are marked as such.
  private static let markedEstimates = 60

  private func panel(
    _ name: String, valueName: String, values: [Double], estimates: [Double]
  ) -> Panel {
    let order = queries.indices.sorted { queries.coordinates[$0] < queries.coordinates[$1] }
    let curve = Panel.Curve(
      x: order.map { queries.coordinates[$0] }, y: order.map { estimates[$0] })
    var panel = Panel.fit(
      title: data.valueNames.count > 1 ? valueName : "",
      points: Panel.Curve(x: data.keyColumns[0], y: values), fit: curve, x: Axis(label: name),
      y: Axis(label: valueName, limits: Self.limitsOfConstant(values)))
    if order.count <= Self.markedEstimates {
      panel.marks.append(
        .scatter(Scatter(x: curve.x, y: curve.y, color: .fit, opacity: 1, radius: 2.5)))
    }
    return panel
  }

  /// Limits that do not blow up the rounding of values that are all the same.
  private static func limitsOfConstant(_ values: [Double]) -> ClosedRange<Double>? {
    guard let least = values.min(), let greatest = values.max(),
      greatest - least <= 1e-12 * max(least.magnitude, greatest.magnitude)
    else { return nil }
    let margin = max(0.1 * least.magnitude, least == 0 ? 1 : .leastNormalMagnitude)
    let limit = Double.greatestFiniteMagnitude
    return max(least - margin, -limit)...min(greatest + margin, limit)
  }

  /// The attention weights, rows keys and columns queries, both in ascending order of the first
  /// input.
  func attentionFigure() throws -> Figure {
    let weights =
      try omitsOwnKey
      ? estimator.leaveOneOutAttentionWeights() : estimator.attentionWeights(at: queries)
    bar.finish()
    warnOfEmptyWindows(weights.emptyWindows.count, "their columns are grey")
    let keyOrder = Self.ascending(estimator.keys)
    let queryOrder = Self.ascending(queries)
    let matrix = keyOrder.flatMap { key in queryOrder.map { weights[key, $0] } }
    let name = data.inputNames[0]
    return Figure(
      title: "Attention weights over \(data.inputNames.joined(separator: ", "))",
      accessibleDescription: "A heatmap of the attention that each of "
        + "\(counted(queries.count, "query")) pays to each of \(counted(keyOrder.count, "key")), "
        + "both in ascending order of \(name): \(summary).",
      caption: summary.prefix(1).uppercased() + summary.dropFirst(),
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
