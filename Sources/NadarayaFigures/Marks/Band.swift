/// The area between a lower and an upper curve, such as a confidence band.
///
/// The band has a gap where x, lower or upper cannot be shown.
package struct Band: Equatable, Sendable {
  /// Horizontal coordinates.
  package var x: [Double]

  /// The lower curve, one value for each x.
  package var lower: [Double]

  /// The upper curve, one value for each x.
  package var upper: [Double]

  /// The name in the legend; nil to leave it out, as always if there is no area.
  package var label: String?

  /// The colour, drawn translucent.
  package var color: Color

  /// Creates a band.
  ///
  /// - Parameters:
  ///   - x: Horizontal coordinates, in order.
  ///   - lower: The lower curve; the program stops unless there is one value for each x.
  ///   - upper: The upper curve; the program stops unless there is one value for each x.
  ///   - label: The name in the legend; nil to leave it out.
  ///   - color: The colour, drawn translucent.
  package init(
    x: [Double], lower: [Double], upper: [Double], label: String? = nil, color: Color = .fit
  ) {
    precondition(
      x.count == lower.count && x.count == upper.count,
      "A band has \(x.count) x but \(lower.count) lower and \(upper.count) upper.")
    self.x = x
    self.lower = lower
    self.upper = upper
    self.label = label
    self.color = color
  }

  static let opacity = 0.2
}

extension Band: MarkContent {
  var legendEntry: LegendEntry? {
    guard isDrawn || x.isEmpty else { return nil }
    return label.map { LegendEntry(label: $0, key: .band(color)) }
  }

  /// Whether there is any area: two consecutive points with both ends.
  var isDrawn: Bool {
    let hasEnds = x.indices.map { lower[$0].isFinite && upper[$0].isFinite && x[$0].isFinite }
    return zip(hasEnds, hasEnds.dropFirst()).contains { $0 && $1 }
  }

  func extent(on scales: AxisScales) -> Extent {
    .ofIntervals(x: x, lower: lower, upper: upper, on: scales)
  }

  func shapes(in plot: Plot) -> [Shape] {
    var path = Path()
    var floor: [Point] = []
    var ceiling: [Point] = []
    func close() {
      if floor.count > 1 {
        path.addPolygon(condensed(floor) + condensed(ceiling).reversed())
      }
      floor = []
      ceiling = []
    }
    // Ten panels away looks the same as the true place: slopes at the panel's edge are alike.
    let reach = plot.frame.insetBy(-10 * max(plot.frame.width, plot.frame.height))
    for index in x.indices {
      guard let low = plot.point(x[index], lower[index]),
        let high = plot.point(x[index], upper[index])
      else {
        close()
        continue
      }
      floor.append(reach.nearest(to: low))
      ceiling.append(reach.nearest(to: high))
    }
    close()
    return path.isEmpty ? [] : [.path(path, fill: Fill(color, opacity: Self.opacity), stroke: nil)]
  }
}
