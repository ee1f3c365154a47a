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

  /// The cells in their colours; nil if there are none.
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

  /// The boundaries of groups of cells in pixels; nil if one cannot be shown.
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

extension Heatmap {
  /// The numbers of rows and columns averaged into one cell.
  private struct Reduction {
    var rows: Int
    var columns: Int
  }

  /// The groups that are about a pixel wide; nil if no cell is smaller than half a pixel.
  private func reduction(in plot: Plot) -> Reduction? {
    func group(_ centers: [Double], along axis: Projection) -> Int {
      let edges = Self.edges(around: centers, on: axis.scale)
      guard let first = edges.first.flatMap({ axis($0) }),
        let last = edges.last.flatMap({ axis($0) })
      else { return 1 }
      let cell = (last - first).magnitude / Double(centers.count)
      return cell < 0.5 && cell > 0 ? min(centers.count, Int((1 / cell).rounded(.up))) : 1
    }
    let reduction = Reduction(
      rows: group(rowCenters, along: plot.y), columns: group(columnCenters, along: plot.x))
    return reduction.rows == 1 && reduction.columns == 1 ? nil : reduction
  }

  /// The mean of the finite values in each group, NaN for a group without any.
  private func averaged(_ reduction: Reduction) -> [Double] {
    let shownColumns = groups(columns, of: reduction.columns)
    let count = groups(rows, of: reduction.rows) * shownColumns
    var means = Array(repeating: 0.0, count: count)
    var members = Array(repeating: 0.0, count: count)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = values[row * columns + column]
        guard value.isFinite else { continue }
        let group = row / reduction.rows * shownColumns + column / reduction.columns
        members[group] += 1
        // A running mean, because a sum of finite values may overflow.
        means[group] += value / members[group] - means[group] / members[group]
      }
    }
    return zip(means, members).map { $1 > 0 ? $0 : .nan }
  }

  private func groups(_ count: Int, of size: Int) -> Int { (count + size - 1) / size }
}
