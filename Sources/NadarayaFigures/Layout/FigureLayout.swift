/// A figure after layout: basic shapes in pixels, ready for any renderer.
///
/// From top to bottom: title, legend, grid of panels, common label of x, caption.
struct FigureLayout {
  /// The width of the picture.
  let width: Double

  /// The height of the picture.
  let height: Double

  /// From back to front.
  let shapes: [Shape]

  /// The panels in their places.
  let panels: [PanelLayout]

  /// The details that the shapes leave out.
  let simplifications: [Simplification]

  static let margin = 16.0
  private static let narrowest = 160.0

  /// Lays out a figure.
  ///
  /// - Complexity: O(size of the data).
  init(_ figure: Figure) {
    let width = max(Self.narrowest, figure.width.rounded())
    let room = width - 2 * Self.margin
    var shapes: [Shape] = []
    var y = 12.0

    func addWords(_ text: String, _ style: TextStyle, gapAfter: Double) {
      let lines = style.lines(of: text, width: room)
      guard !lines.isEmpty else { return }
      shapes += PanelLayout.stack(lines, style: style, x: Self.margin, top: y)
      y += Double(lines.count) * style.lineHeight + gapAfter
    }

    addWords(figure.title, .figureTitle, gapAfter: 6)
    let legend = LegendLayout(
      figure.legendEntries, left: Self.margin, top: y, width: room)
    shapes += legend.shapes
    y += legend.height > 0 ? legend.height + 8 : 0

    let label = TextStyle.axisLabel
    func xLabelLines(columns: Int) -> [String] {
      label.lines(of: figure.sharedXLabel(columns: columns), width: room * 0.5)
    }
    func labelHeight(_ lines: [String]) -> Double {
      lines.isEmpty ? 0 : Double(lines.count) * label.lineHeight + 4
    }
    // Readers without Helvetica may have letters as wide as DejaVu's, a sixth wider.
    let captionLines = TextStyle.caption.lines(of: figure.caption, width: room * 0.92)
    let captionHeight =
      captionLines.isEmpty ? 0 : Double(captionLines.count) * TextStyle.caption.lineHeight + 8
    let columns = GridLayout.mostColumns(of: figure)
    let foot = labelHeight(xLabelLines(columns: columns)) + captionHeight + 12

    var (panelGrid, yLabelLines) = Self.grid(
      of: figure, width: room, fixedHeight: figure.height.map { $0 - y - foot })
    panelGrid.move(down: y)
    let xLabelLines = xLabelLines(columns: panelGrid.columns)

    let colors = figure.colorMap
    let panels = panelGrid.panels
    shapes += panels.flatMap { $0.shapes(colors: colors) }
    if let first = panels.first, let last = panels.last {
      let middle = (first.frame.minY + last.frame.maxY) / 2
      shapes += PanelLayout.upwardStack(
        yLabelLines, style: label,
        right: Self.margin + Double(yLabelLines.count) * label.lineHeight, y: middle)
      if let bar = panelGrid.colorBar {
        shapes += bar.shapes(left: panelGrid.plotsRight, top: first.frame.minY)
      }
      y += panelGrid.height
      shapes += PanelLayout.stack(
        xLabelLines, style: label, x: (first.frame.minX + panelGrid.plotsRight) / 2, top: y + 3,
        anchor: .middle)
      y += labelHeight(xLabelLines)
    }
    if !captionLines.isEmpty {
      y += 8
      shapes += PanelLayout.stack(captionLines, style: .caption, x: Self.margin, top: y)
      y += captionHeight - 8
    }
    self.width = max(width, (panelGrid.right + Self.margin).rounded(.up))
    height = max(y + 12, figure.height ?? 0).rounded(.up)
    self.shapes = shapes
    self.panels = panels
    simplifications = Self.simplifications(of: panels, colors: colors)
  }

  /// The grid beside the common label of y.
  ///
  /// That label wraps to a height that is known only once the grid is laid out, so a second grid makes
  /// room for the lines that the first one requires.
  private static func grid(
    of figure: Figure, width: Double, fixedHeight: Double?
  ) -> (grid: GridLayout, yLabelLines: [String]) {
    func grid(besides count: Int) -> GridLayout {
      let lead = count == 0 ? 0 : Double(count) * TextStyle.axisLabel.lineHeight + 4
      return GridLayout(
        figure, left: margin + lead, width: width - lead, fixedHeight: fixedHeight)
    }
    let label = figure.sharedYLabel
    let first = grid(besides: label.isEmpty ? 0 : 1)
    let lines = TextStyle.axisLabel.lines(of: label, width: first.height)
    return (lines.count > 1 ? grid(besides: lines.count) : first, lines)
  }

  private static func simplifications(
    of panels: [PanelLayout], colors: ColorMap?
  ) -> [Simplification] {
    let labels = panels.map(\.panel.x.label)
    let areTold = Set(labels).count == labels.count && !labels.contains("")
    return panels.enumerated().flatMap { index, layout in
      guard let plot = layout.plot(colors: colors) else { return [Simplification]() }
      let kinds = layout.panel.marks.compactMap { $0.content.simplification(in: plot) }
      return Self.withPointsTogether(kinds).map {
        let title = layout.panel.title.isEmpty && areTold ? labels[index] : layout.panel.title
        return Simplification(
          kind: $0, panel: index, panelCount: panels.count, panelTitle: title)
      }
    }
  }

  /// The same with all merged points of a panel in one.
  private static func withPointsTogether(_ kinds: [Simplification.Kind]) -> [Simplification.Kind] {
    var others: [Simplification.Kind] = []
    var points: (count: Int, dots: Int) = (0, 0)
    for kind in kinds {
      if case .mergedPoints(let count, let dots) = kind {
        points = (points.count + count, points.dots + dots)
      } else {
        others.append(kind)
      }
    }
    guard points.count > 0 else { return others }
    return others + [.mergedPoints(count: points.count, dots: points.dots)]
  }
}
