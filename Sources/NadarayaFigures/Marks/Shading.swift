/// A stretch of x shaded from bottom to top, such as bandwidths at which a criterion does not exist.
package struct Shading: Equatable, Sendable {
  /// The stretch, in the units of the axis of x.
  package var range: ClosedRange<Double>

  /// The name in the legend; nil to leave it out.
  package var label: String?

  /// The colour, drawn translucent.
  package var color: Color

  /// Creates a shaded stretch.
  ///
  /// - Parameters:
  ///   - range: The stretch; not drawn if the axis cannot show both ends.
  ///   - label: The name in the legend; nil to leave it out.
  ///   - color: The colour, drawn translucent.
  package init(_ range: ClosedRange<Double>, label: String? = nil, color: Color = .missing) {
    self.range = range
    self.label = label
    self.color = color
  }

  static let opacity = 0.4
}

extension Shading: MarkContent {
  var legendEntry: LegendEntry? {
    label.map { LegendEntry(label: $0, key: .area(color, opacity: Self.opacity)) }
  }

  func extent(on scales: AxisScales) -> Extent {
    guard scales.x.canShow(range.lowerBound), scales.x.canShow(range.upperBound) else {
      return .empty
    }
    return Extent(x: range, y: nil)
  }

  func shapes(in plot: Plot) -> [Shape] {
    guard let first = plot.x(range.lowerBound), let last = plot.x(range.upperBound) else {
      return []
    }
    let frame = plot.frame
    let left = max(min(first, last), frame.minX)
    let right = min(max(first, last), frame.maxX)
    guard left < right else { return [] }
    let area = Rectangle(minX: left, minY: frame.minY, width: right - left, height: frame.height)
    return [.rectangle(area, fill: Fill(color, opacity: Self.opacity), stroke: nil)]
  }
}
