extension Panel {
  /// One curve of several in a panel, with the observations that are its own.
  package struct Member: Equatable, Sendable {
    /// The name in the legend.
    package var name: String

    /// The observations.
    package var points: Curve

    /// The fitted curve; NaN leaves a gap.
    package var fit: Curve

    /// A band over the fit's x; nil for none.
    package var interval: Interval?

    /// Creates a curve with its observations.
    ///
    /// - Parameters:
    ///   - name: The name in the legend.
    ///   - points: The observations.
    ///   - fit: The fitted curve; NaN leaves a gap.
    ///   - interval: A band over the fit's x; nil for none.
    package init(name: String, points: Curve, fit: Curve, interval: Interval? = nil) {
      self.name = name
      self.points = points
      self.fit = fit
      self.interval = interval
    }
  }

  /// Several fitted curves with their observations, told apart by colour and by rhythm.
  ///
  /// Drawn from back to front: bands, points, their centres (thin), curves; above 1,000 points bands lie on them.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A quieter line under it.
  ///   - members: The curves; colours repeat after seven.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  package static func curves(
    title: String, subtitle: String = "", members: [Member], x: Axis, y: Axis
  ) -> Panel {
    let strokes = members.indices.map { index in
      var stroke = Stroke.series(index)
      stroke.width = 2.2
      return stroke
    }
    var bands: [Band] = []
    for (member, stroke) in zip(members, strokes) {
      guard let interval = member.interval else { continue }
      bands.append(
        Band(
          x: member.fit.x, lower: interval.lower, upper: interval.upper, color: stroke.color))
    }
    // Bands of all colours have one name, beside a sample of none of them.
    if let label = members.compactMap(\.interval).first?.label, bands.contains(where: \.isDrawn) {
      bands.append(Band(x: [], lower: [], upper: [], label: label, color: .points))
    }
    var centres: [Line] = []
    for (member, stroke) in zip(members, strokes) {
      guard let centre = member.interval?.centre else { continue }
      centres.append(
        Line(x: member.fit.x, y: centre, stroke: Stroke(stroke.color, width: Stroke.centre.width)))
    }
    if let label = members.compactMap(\.interval).first(where: { $0.centre != nil })?.centreLabel {
      centres.append(
        Line(x: [], y: [], label: label, stroke: Stroke(.points, width: Stroke.centre.width)))
    }
    let points = zip(members, strokes).map { member, stroke in
      Scatter(x: member.points.x, y: member.points.y, color: stroke.color)
    }
    let curves = zip(members, strokes).flatMap { member, stroke in
      member.fit.lines(label: member.name, stroke: stroke)
    }
    return Panel(
      title: title, subtitle: subtitle, x: x, y: y,
      marks: layered(points: points, bands: bands, curves: centres + curves))
  }
}
