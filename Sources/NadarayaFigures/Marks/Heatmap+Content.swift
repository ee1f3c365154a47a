extension Heatmap: MarkContent {
  var fillsPanel: Bool { true }

  var legendEntry: LegendEntry? {
    let isHoled = valueRange != nil && values.contains { !$0.isFinite }
    return isHoled ? LegendEntry(label: "no finite value", key: .swatch(.missing)) : nil
  }

  func extent(on scales: AxisScales) -> Extent {
    guard valueRange != nil else { return .empty }
    let shown = cropped(to: scales)
    func range(_ centers: [Double], _ scale: Axis.Scale) -> ClosedRange<Double>? {
      Self.edges(around: centers, on: scale).reduce(nil) {
        scale.canShow($1) ? widened($0, toHold: $1) : $0
      }
    }
    return Extent(
      x: range(shown.columnCenters, scales.x), y: range(shown.rowCenters, scales.y))
  }

  func shapes(in plot: Plot) -> [Shape] {
    let scales = AxisScales(x: plot.x.scale, y: plot.y.scale)
    return cropped(to: scales).cells(in: plot).map { [.cells($0)] } ?? []
  }

  func simplification(in plot: Plot) -> Simplification.Kind? {
    let shown = cropped(to: AxisScales(x: plot.x.scale, y: plot.y.scale))
    return shown.reduction(in: plot).map { reduction in
      .averagedCells(
        rows: shown.rows, columns: shown.columns,
        shownRows: groups(shown.rows, of: reduction.rows),
        shownColumns: groups(shown.columns, of: reduction.columns))
    }
  }

  /// The cells in their colours; nil where there are none.
  private func cells(in plot: Plot) -> CellLayer? {
    guard let colors = plot.colors, rows > 0, columns > 0 else { return nil }
    let reduction = reduction(in: plot)
    let shown = reduction.map(averaged) ?? values
    let rowPixels = pixels(rowCenters, along: plot.y, group: reduction?.rows ?? 1)
    let columnPixels = pixels(columnCenters, along: plot.x, group: reduction?.columns ?? 1)
    guard let rowPixels, let columnPixels else { return nil }
    let levels = shown.map { $0.isFinite ? colors.level(of: $0) : CellLayer.missing }
    return CellLayer(levels: levels, rowPixels: rowPixels, columnPixels: columnPixels)
  }

  /// The boundaries of groups of cells in pixels; nil where one cannot be shown.
  private func pixels(
    _ centers: [Double], along axis: Projection, group: Int
  ) -> [Double]? {
    let edges = Self.edges(around: centers, on: axis.scale)
    var kept = stride(from: 0, to: edges.count - 1, by: group).map { edges[$0] }
    kept.append(edges[edges.count - 1])
    let pixels = kept.compactMap { axis($0) }
    return pixels.count == kept.count ? pixels : nil
  }
}
