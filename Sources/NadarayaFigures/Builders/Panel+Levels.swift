extension Panel {
  /// Observations at levels that have no measure, with an estimate for each and its interval.
  ///
  /// Observations of one level are spread sideways, evenly and by their order alone, so that many can be
  /// told from few.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A quieter line under it.
  ///   - points: The observations, x the number of the level.
  ///   - estimates: One for each level; NaN where there is none.
  ///   - interval: The ends of an interval for each level; nil for none.
  ///   - names: The names of the levels.
  ///   - xLabel: What the levels are.
  ///   - opacity: Of an observation.
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
      // Multiples of the golden section fill an interval evenly, however many there are.
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
