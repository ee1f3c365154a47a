extension Panel {
  /// One of several curves in a panel, with its own observations.
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

  /// Several fitted curves with their observations, distinguished by colour and dash pattern.
  ///
  /// Drawn from back to front: bands, points, their centres (thin), curves; above 1,000 points, bands
  /// are in front of the points.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A less prominent line under it.
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
    // Bands of all colours share one name, with a sample in a neutral colour.
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

  /// Observations at categorical levels, with an estimate and its interval for each level.
  ///
  /// Observations of one level are spread sideways, evenly and only by their order, so that many look
  /// different from few.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A less prominent line under it.
  ///   - points: The observations; x is the number of the level.
  ///   - estimates: One for each level; NaN if there is none.
  ///   - interval: The ends of an interval for each level; nil for none.
  ///   - names: The names of the levels.
  ///   - xLabel: What the levels are.
  ///   - opacity: The opacity of an observation.
  ///   - y: The vertical axis.
  package static func levels(
    title: String, subtitle: String = "", points: Curve, estimates: [Double],
    interval: Interval? = nil, names: [String], xLabel: String, opacity: Double = 0.25,
    y: Axis
  ) -> Panel {
    let places = names.indices.map(Double.init)
    var seen = [Double](repeating: 0, count: names.count)
    let spread = points.x.map { level in
      seen[Int(level)] += 1
      // Any number of multiples of the golden section fills an interval evenly.
      let place = (seen[Int(level)] * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
      return level + 0.5 * (place - 0.5)
    }
    var marks: [Mark] = [
      .scatter(Scatter(x: spread, y: points.y, label: "data", opacity: opacity))
    ]
    if let interval {
      marks.append(
        .intervalBars(
          IntervalBars(
            x: places, lower: interval.lower, upper: interval.upper, label: interval.label)))
      if let centre = interval.centre {
        marks.append(
          .scatter(
            Scatter(
              x: places, y: centre, label: interval.centreLabel, color: .fit, opacity: 1, radius: 2)
          ))
      }
    }
    marks.append(
      .scatter(
        Scatter(x: places, y: estimates, label: "estimate", color: .fit, opacity: 1, radius: 4)))
    return Panel(
      title: title, subtitle: subtitle, x: Axis(label: xLabel, names: names), y: y, marks: marks)
  }
}
