/// The bar right of all panels that shows which value each colour means.
struct ColorBarLayout {
  private let limits: ClosedRange<Double>
  private let height: Double
  private let ticks: AxisTicks
  private let labelLines: [String]

  private static let barWidth = 12.0
  private static let leadingGap = 18.0
  private static let tickLength = 3.0

  /// Chooses ticks for a bar of a height.
  init(_ map: ColorMap, label: String, height: Double) {
    limits = map.limits
    self.height = height
    ticks = AxisTicks(
      fitting: Axis(), limits: map.limits, length: height, orientation: .vertical)
    labelLines = TextStyle.axisLabel.lines(of: label, width: height)
  }

  /// The room that the bar takes from the panels.
  var width: Double {
    Self.leadingGap + Self.barWidth + labelStart
      + Double(labelLines.count) * TextStyle.axisLabel.lineHeight
  }

  /// The room above the bar for the note that goes with its labels.
  var headerHeight: Double { ticks.offset == nil ? 0 : TextStyle.tick.lineHeight }

  /// The distance from the bar's right edge to its label.
  private var labelStart: Double {
    let widest = ticks.major.map { TextStyle.tick.width(of: $0.label) }.max() ?? 0
    return Self.tickLength + 4 + (widest * 1.1).rounded(.up) + (labelLines.isEmpty ? 0 : 4)
  }

  /// The shapes of the bar.
  ///
  /// - Parameters:
  ///   - left: The right end of the panels.
  ///   - top: The top of the first row's plots.
  func shapes(left: Double, top: Double) -> [Shape] {
    let bar = Rectangle(
      minX: left + Self.leadingGap, minY: top, width: Self.barWidth, height: height)
    let axis = Projection(limits: limits, scale: .linear, start: bar.maxY, end: bar.minY)
    var shapes: [Shape] = [
      .ramp(bar), .rectangle(bar.insetBy(-0.5), fill: nil, stroke: Stroke(.spine, width: 1)),
    ]
    var marks = Path()
    let style = TextStyle.tick
    for tick in ticks.major {
      guard let y = axis(tick.value) else { continue }
      let middle = min(y.rounded(.down) + 0.5, bar.maxY + 0.5)
      marks.addPolyline([
        Point(x: bar.maxX + 0.5, y: middle), Point(x: bar.maxX + 0.5 + Self.tickLength, y: middle),
      ])
      let place = Point(
        x: bar.maxX + Self.tickLength + 4, y: y + style.size * TextStyle.middle)
      shapes.append(.text(TextLine(string: tick.label, place: place, style: style)))
    }
    if !marks.isEmpty {
      shapes.append(.path(marks, fill: nil, stroke: Stroke(.spine, width: 1)))
    }
    if let offset = ticks.offset {
      let place = Point(x: left + width, y: top - 7)
      shapes.append(.text(TextLine(string: offset, place: place, anchor: .end, style: style)))
    }
    let labelRight =
      bar.maxX + labelStart + Double(labelLines.count) * TextStyle.axisLabel.lineHeight
    return shapes
      + PanelLayout.upwardStack(
        labelLines, style: .axisLabel, right: labelRight, y: bar.midY)
  }
}
