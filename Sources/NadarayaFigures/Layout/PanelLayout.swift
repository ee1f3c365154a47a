/// One panel with line breaks and ticks chosen for a plot of a given size.
struct PanelLayout {
  /// What the panel writes beside its axes; the figure writes the rest once for all panels.
  struct Words: Hashable {
    var hasXTickLabels: Bool
    var hasYTickLabels: Bool
    var xLabel: String
    var yLabel: String
  }

  let panel: Panel
  let limits: PanelLimits
  let words: Words

  private(set) var xTicks = AxisTicks.none
  private(set) var yTicks = AxisTicks.none
  private(set) var titleLines: [String] = []
  private(set) var subtitleLines: [String] = []
  private(set) var xLabelLines: [String] = []
  private(set) var yLabelLines: [String] = []

  /// The panel's own colours, if not the figure's, with their bar.
  private let ownColors: ColorMap?
  private(set) var ownBar: ColorBarLayout?

  /// The inside of the axes; the grid places it.
  var frame = Rectangle(minX: 0, minY: 0, width: 0, height: 0)

  init(panel: Panel, limits: PanelLimits, words: Words) {
    self.panel = panel
    self.limits = limits
    self.words = words
    ownColors = panel.colorMap
  }

  static let tickLength = 4.0

  /// Breaks lines and chooses ticks for a plot of a size.
  mutating func prepare(width: Double, height: Double) {
    frame.width = width
    frame.height = height
    titleLines = TextStyle.panelTitle.lines(of: panel.title, width: width)
    subtitleLines = TextStyle.subtitle.lines(of: panel.subtitle, width: width)
    xLabelLines = TextStyle.axisLabel.lines(of: words.xLabel, width: width)
    yLabelLines = TextStyle.axisLabel.lines(of: words.yLabel, width: height)
    ownBar = ownColors.map {
      ColorBarLayout($0, label: panel.colorScale?.label ?? "", height: height)
    }
    guard let x = limits.x, let y = limits.y else { return }
    xTicks = AxisTicks(fitting: panel.x, limits: x, length: width, orientation: .horizontal)
    yTicks = AxisTicks(fitting: panel.y, limits: y, length: height, orientation: .vertical)
  }

  // MARK: - Room around the plot

  /// The height of everything above the plot.
  var headerHeight: Double {
    let titles =
      Double(titleLines.count) * TextStyle.panelTitle.lineHeight
      + Double(subtitleLines.count) * TextStyle.subtitle.lineHeight
    let note = max(yOffsetHeight, ownBar?.headerHeight ?? 0)
    return titles + note + (titles > 0 ? 6 : 5)
  }

  /// The height of the note that goes with the labels of y.
  var yOffsetHeight: Double {
    words.hasYTickLabels && yTicks.offset != nil ? TextStyle.tick.lineHeight : 0
  }

  /// The height of everything under the plot.
  var footerHeight: Double {
    tickLabelHeight + Double(xLabelLines.count) * TextStyle.axisLabel.lineHeight
      + (xLabelLines.isEmpty ? 0 : 3)
  }

  /// The height of the labels of x and of the note that goes with them.
  var tickLabelHeight: Double {
    guard words.hasXTickLabels, !xTicks.major.isEmpty else { return Self.tickLength }
    let more = xTicks.offset == nil ? 0 : TextStyle.tick.lineHeight
    guard !xTicks.areRotated else {
      let widest = xTicks.major.map { TextStyle.tick.width(of: $0.label) }.max() ?? 0
      return Self.tickLength + 3 + (widest * 1.1).rounded(.up)
    }
    let lines = xTicks.major.map { $0.label.count(where: \.isNewline) + 1 }.max() ?? 1
    return Self.tickLength + 3 + TextStyle.tick.size
      + Double(lines - 1) * TextStyle.tick.lineHeight + more
  }

  /// The width of everything left of the plot.
  var leftWidth: Double {
    max(
      yTickLabelWidth + Double(yLabelLines.count) * TextStyle.axisLabel.lineHeight
        + (yLabelLines.isEmpty ? 0 : 4),
      overhang(atStart: true), Self.excess(of: xTicks.offset, over: frame.width))
  }

  /// The width of the labels of y with their ticks.
  var yTickLabelWidth: Double {
    guard words.hasYTickLabels else { return Self.tickLength }
    let widest = yTicks.major.map { TextStyle.tick.width(of: $0.label) }.max() ?? 0
    // Ten percent more in case the reader lacks Helvetica.
    return Self.tickLength + 4 + (widest * 1.1).rounded(.up)
  }

  /// How far words reach beyond the right end of the plot.
  var rightWidth: Double {
    max(
      overhang(atStart: false), Self.excess(of: yTicks.offset, over: frame.width),
      ownBar?.width ?? 0)
  }

  private static func excess(of note: String?, over width: Double) -> Double {
    note.map { TextStyle.tick.width(of: $0) - width } ?? 0
  }

  private func overhang(atStart: Bool) -> Double {
    guard words.hasXTickLabels, let x = limits.x else { return 0 }
    let start = panel.x.isReversed ? frame.width : 0
    let axis = Projection(
      limits: x, scale: panel.x.scale, start: start, end: frame.width - start)
    return xTicks.major.reduce(0) { overhang, tick in
      guard let place = axis(tick.value) else { return overhang }
      let style = TextStyle.tick
      let half = xTicks.areRotated ? style.lineHeight / 2 : style.width(of: tick.label) * 0.55
      return max(overhang, atStart ? half - place : place + half - frame.width)
    }
  }

  // MARK: - Inside the axes

  /// The area for marks; nil if the panel has no axes.
  func plot(colors: ColorMap?) -> Plot? {
    guard let x = limits.x, let y = limits.y else { return nil }
    let isLeftward = panel.x.isReversed
    let isDownward = panel.y.isReversed
    return Plot(
      frame: frame,
      x: Projection(
        limits: x, scale: panel.x.scale, start: isLeftward ? frame.maxX : frame.minX,
        end: isLeftward ? frame.minX : frame.maxX),
      y: Projection(
        limits: y, scale: panel.y.scale, start: isDownward ? frame.minY : frame.maxY,
        end: isDownward ? frame.maxY : frame.minY),
      colors: ownColors ?? colors)
  }
}
