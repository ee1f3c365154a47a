/// The panels of a figure in rows and columns, all plots of one size.
///
/// The width of plots depends on the width of labels, and the choice of labels depends on the width of
/// plots. A few rounds of computing one from the other settle both; the last round's ticks are the ones
/// that were measured, so labels always have the room computed for them. If labels leave too little
/// room for plots, there are fewer columns; if even one column is too wide, or a label too long for its
/// axis, the grid exceeds the given room.
struct GridLayout {
  private(set) var panels: [PanelLayout]
  private(set) var colorBar: ColorBarLayout?
  private(set) var plotWidth = 200.0
  private(set) var plotHeight = 150.0

  /// The number of panels side by side.
  let columns: Int

  /// The height from the top of the first header to the end of the last footer.
  private(set) var height = 0.0

  /// The right end of the last column's plots.
  private(set) var plotsRight = 0.0

  /// The right end of everything.
  private(set) var right = 0.0

  private let leastPlotHeight: Double
  private let sideRoom: Figure.SideRoom

  private static let columnGap = 18.0
  private static let rowGap = 12.0
  private static let narrowestPlot = 90.0

  /// Lays out panels.
  ///
  /// - Parameters:
  ///   - figure: The panels and what they share.
  ///   - left: The pixel at which the grid starts.
  ///   - width: The room for plots, labels and colour bar.
  ///   - fixedHeight: The height of the whole grid; nil for plots of a pleasant shape.
  init(_ figure: Figure, left: Double, width: Double, fixedHeight: Double?) {
    var columns = Self.mostColumns(of: figure)
    self.init(figure, columns: columns, left: left, width: width, fixedHeight: fixedHeight)
    while columns > 1, plotWidth < Self.narrowestPlot {
      columns -= 1
      self.init(figure, columns: columns, left: left, width: width, fixedHeight: fixedHeight)
    }
  }

  /// The number of panels side by side if there is room for them.
  static func mostColumns(of figure: Figure) -> Int {
    max(1, min(figure.columns, figure.panels.count))
  }

  private init(
    _ figure: Figure, columns: Int, left: Double, width: Double, fixedHeight: Double?
  ) {
    self.columns = columns
    let limits = figure.limits()
    let words = figure.words(columns: columns)
    leastPlotHeight = Self.leastPlotHeight(words, figure)
    sideRoom = figure.sideRoom
    panels = figure.panels.indices.map {
      PanelLayout(panel: figure.panels[$0], limits: limits[$0], words: words[$0])
    }
    let map = figure.colorMap
    for _ in 0..<4 {
      for index in panels.indices { panels[index].prepare(width: plotWidth, height: plotHeight) }
      colorBar = map.map {
        ColorBarLayout($0, label: figure.colorScale.label, height: barHeight)
      }
      resize(left: left, width: width, fixedHeight: fixedHeight)
    }
  }

  /// The smallest height at which no upward label needs more than a few lines.
  private static func leastPlotHeight(_ words: [PanelLayout.Words], _ figure: Figure) -> Double {
    let labels = words.map(\.yLabel) + [figure.sharedYLabel, figure.colorScale.label]
    let longest = labels.map { TextStyle.axisLabel.width(of: $0) }.max() ?? 0
    return max(70, (longest / 2.5).rounded(.up))
  }

  private var rows: Int { (panels.count + columns - 1) / columns }

  /// The colour bar reaches from the top of the first row's plots to the foot of the last row's.
  private var barHeight: Double {
    guard let first = panels.first, let last = panels.last else { return plotHeight }
    return max(plotHeight, last.frame.maxY - first.frame.minY)
  }

  /// Gives the plots the room that labels leave, and places them.
  private mutating func resize(left: Double, width: Double, fixedHeight: Double?) {
    guard !panels.isEmpty else { return }
    var leads = (0..<columns).map { column in
      members(column: column).map(\.leftWidth).max() ?? 0
    }
    leads[0] = max(leads[0], sideRoom.left - left)
    let overhang = panels.map(\.rightWidth).max() ?? 0
    let gap = max(Self.columnGap, overhang + 10)
    let barWidth = colorBar?.width ?? 0
    let beyond = max(overhang + barWidth, sideRoom.right - FigureLayout.margin)
    let taken = leads.reduce(0, +) + gap * Double(columns - 1) + beyond
    plotWidth = max(60, ((width - taken) / Double(columns)).rounded(.down))

    let headers = (0..<rows).map { row in
      max(members(row: row).map(\.headerHeight).max() ?? 0, row == 0 ? barHeader : 0)
    }
    let footers = (0..<rows).map { row in members(row: row).map(\.footerHeight).max() ?? 0 }
    let between = headers.reduce(0, +) + footers.reduce(0, +) + Self.rowGap * Double(rows - 1)
    if let fixedHeight {
      plotHeight = max(
        leastPlotHeight, ((fixedHeight - between) / Double(rows)).rounded(.down))
    } else {
      let pleasant = (plotWidth * Self.shape(columns: columns)).rounded()
      plotHeight = max(leastPlotHeight, min(420, max(110, pleasant)))
    }

    var y = 0.0
    for row in 0..<rows {
      y += headers[row]
      var x = left
      for column in 0..<columns {
        x += leads[column]
        let index = row * columns + column
        if index < panels.count {
          panels[index].frame = Rectangle(
            minX: x.rounded(), minY: y.rounded(), width: plotWidth, height: plotHeight)
        }
        x += plotWidth + gap
      }
      y += plotHeight + footers[row] + (row < rows - 1 ? Self.rowGap : 0)
    }
    height = y
    plotsRight = (left + leads.reduce(0, +) + (plotWidth + gap) * Double(columns)) - gap
    right = plotsRight + max(overhang, barWidth)
  }

  private var barHeader: Double { (colorBar?.headerHeight ?? 0) + 6 }

  private func members(column: Int) -> [PanelLayout] {
    stride(from: column, to: panels.count, by: columns).map { panels[$0] }
  }

  private func members(row: Int) -> [PanelLayout] {
    Array(panels[row * columns..<min(panels.count, (row + 1) * columns)])
  }

  /// The ratio of height to width of plots in a number of columns.
  private static func shape(columns: Int) -> Double {
    switch columns {
    case 1: 0.5
    case 2: 0.62
    case 3: 0.75
    default: 0.85
    }
  }

  /// Moves the whole grid down.
  mutating func move(down distance: Double) {
    for index in panels.indices { panels[index].frame.minY += distance }
  }
}
