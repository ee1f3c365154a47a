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
  /// The one legend of all panels: each name with each of its looks once, as they first appear.
  var legendEntries: [LegendEntry] {
    var seen: Set<LegendEntry> = []
    return panels.flatMap(\.marks).compactMap(\.content.legendEntry)
      .filter { seen.insert($0).inserted }
  }
}
