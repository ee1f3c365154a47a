/// The legend of a figure: samples with names, left to right, wrapping into rows.
struct LegendLayout {
  /// The shapes, from the top at y = 0.
  private(set) var shapes: [Shape] = []

  /// The height of all rows, 0 without entries.
  private(set) var height = 0.0

  private static let sampleGap = 6.0
  private static let entryGap = 20.0

  /// Lays out entries.
  ///
  /// - Parameters:
  ///   - left: The pixel at which rows start.
  ///   - top: The pixel at which the first row starts.
  ///   - width: The room for a row; a name longer than that wraps.
  init(_ entries: [LegendEntry], left: Double, top: Double, width: Double) {
    let style = TextStyle.legend
    var x = 0.0
    var y = top
    var rowHeight = 0.0
    for entry in entries {
      let lead = Self.sampleWidth(entry.key) + Self.sampleGap
      let lines = style.lines(of: entry.label, width: width - lead)
      // Without Helvetica, letters are wider.
      let words = (lines.map { style.width(of: $0) }.max() ?? 0) * 1.08
      if x > 0, x + lead + words > width {
        x = 0
        y += rowHeight
        rowHeight = 0
      }
      shapes += Self.sample(entry.key, x: left + x, y: y + style.lineHeight / 2)
      shapes += PanelLayout.stack(lines, style: style, x: left + x + lead, top: y)
      rowHeight = max(rowHeight, Double(max(lines.count, 1)) * style.lineHeight + 2)
      x += lead + words + Self.entryGap
    }
    height = y + rowHeight - top
  }

  private static func sampleWidth(_ key: LegendEntry.Key) -> Double {
    switch key {
    case .line, .band, .area: 26
    case .dot, .stem, .swatch, .bar: 12
    }
  }

  /// A sample centred on y.
  private static func sample(_ key: LegendEntry.Key, x: Double, y: Double) -> [Shape] {
    let sampleWidth = sampleWidth(key)
    let middle = Point(x: x + sampleWidth / 2, y: y)
    var path = Path()
    switch key {
    case .line(let stroke):
      path.addPolyline([Point(x: x, y: y), Point(x: x + sampleWidth, y: y)])
      return [.path(path, fill: nil, stroke: stroke)]
    case .dot(let color, let opacity):
      return [.circles([middle], radius: 3.5, color: color, opacity: opacity)]
    case .band(let color):
      return sample(.area(color, opacity: Band.opacity), x: x, y: y)
    case .area(let color, let opacity):
      let area = Rectangle(minX: x, minY: y - 5, width: sampleWidth, height: 10)
      return [.rectangle(area, fill: Fill(color, opacity: opacity), stroke: nil)]
    case .bar(let stroke):
      path.addPolyline([Point(x: middle.x, y: y - 6), Point(x: middle.x, y: y + 6)])
      for end in [y - 6, y + 6] {
        path.addPolyline([Point(x: middle.x - 4, y: end), Point(x: middle.x + 4, y: end)])
      }
      return [.path(path, fill: nil, stroke: stroke)]
    case .stem(let color):
      path.addPolyline([Point(x: middle.x, y: y + 6), Point(x: middle.x, y: y - 4)])
      return [
        .path(path, fill: nil, stroke: Stroke(color, width: 1.2)),
        .circles([Point(x: middle.x, y: y - 4)], radius: 2.6, color: color, opacity: 1),
      ]
    case .swatch(let color):
      let area = Rectangle(minX: x, minY: y - 6, width: 12, height: 12)
      return [.rectangle(area, fill: Fill(color), stroke: nil)]
    }
  }
}

/// One name in the legend with its sample.
struct LegendEntry: Hashable, Sendable {
  /// What the sample looks like.
  enum Key: Hashable, Sendable {
    case line(Stroke)
    case dot(Color, opacity: Double)
    case band(Color)
    case area(Color, opacity: Double)
    case bar(Stroke)
    case stem(Color)
    case swatch(Color)
  }

  var label: String
  var key: Key
}

extension Figure {
  /// The shared legend of all panels: each combination of name and look once, in order of appearance.
  var legendEntries: [LegendEntry] {
    var seen: Set<LegendEntry> = []
    return panels.flatMap(\.marks).compactMap(\.content.legendEntry)
      .filter { seen.insert($0).inserted }
  }
}
