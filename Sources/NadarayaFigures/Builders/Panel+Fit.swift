extension Panel {
  /// Curve data for a builder: the same number of x and y.
  package struct Curve: Equatable, Sendable {
    /// Horizontal coordinates.
    package var x: [Double]

    /// Vertical coordinates, one for each x; NaN leaves a gap.
    package var y: [Double]

    /// Whether a fit is extrapolated at each x, or empty if it is nowhere; extrapolated parts are
    /// dashed.
    package var isExtrapolated: [Bool]

    /// Creates curve data.
    ///
    /// - Parameters:
    ///   - x: Horizontal coordinates.
    ///   - y: Vertical coordinates; drawing stops the program unless there is one for each x.
    ///   - isExtrapolated: Whether a fit is extrapolated at each x; by default nowhere.
    package init(x: [Double], y: [Double], isExtrapolated: [Bool] = []) {
      self.x = x
      self.y = y
      self.isExtrapolated = isExtrapolated
    }

    /// The curve, then its extrapolated parts, dashed up to the adjacent points.
    func lines(label: String, stroke: Stroke) -> [Line] {
      guard isExtrapolated.contains(true) else {
        return [Line(x: x, y: y, label: label, stroke: stroke)]
      }
      let isBeside = isExtrapolated.indices.map { place in
        isExtrapolated[max(place - 1, 0)...min(place + 1, isExtrapolated.count - 1)].contains(true)
      }
      let held = zip(y, isExtrapolated).map { $1 ? Double.nan : $0 }
      let rest = zip(y, isBeside).map { $1 ? $0 : Double.nan }
      var dashed = stroke
      (dashed.dash, dashed.opacity) = (.dashed, 0.6)
      return [
        Line(x: x, y: held, label: label, stroke: stroke), Line(x: x, y: rest, stroke: dashed),
      ]
    }
  }

  /// The two borders of a band over the x of a fit.
  package struct Interval: Equatable, Sendable {
    /// The lower border; NaN leaves a gap.
    package var lower: [Double]

    /// The upper border, of the same length; NaN leaves a gap.
    package var upper: [Double]

    /// The name in the legend, such as "95 % interval".
    package var label: String

    /// The centre, if that is not the fit; NaN leaves a gap, nil leaves it out.
    package var centre: [Double]?

    /// The name of the centre in the legend.
    package var centreLabel: String

    /// Creates borders.
    ///
    /// - Parameters:
    ///   - lower: The lower border.
    ///   - upper: The upper border, of the same length.
    ///   - label: The name in the legend.
    ///   - centre: The centre, if that is not the fit; of the same length.
    ///   - centreLabel: The name of the centre in the legend.
    package init(
      lower: [Double], upper: [Double], label: String, centre: [Double]? = nil,
      centreLabel: String = "fit corrected for bias"
    ) {
      self.lower = lower
      self.upper = upper
      self.label = label
      self.centre = centre
      self.centreLabel = centreLabel
    }
  }

  /// Observations with a fitted curve, and the truth and a band if they are known.
  ///
  /// Drawn from back to front: band, points, truth (dashed magenta), the band's centre (thin blue), fit
  /// (solid blue); above 1,000 points, the points are fainter and the band is in front of them.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A less prominent line under it, such as an error.
  ///   - points: The observations.
  ///   - fit: The fitted curve; NaN leaves a gap.
  ///   - truth: The curve behind simulated data.
  ///   - interval: A band over the fit's x.
  ///   - opacity: The opacity of an observation.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  package static func fit(
    title: String, subtitle: String = "", points: Curve, fit: Curve, truth: Curve? = nil,
    interval: Interval? = nil, opacity: Double = 0.5, x: Axis = Axis(label: "x"),
    y: Axis = Axis(label: "y")
  ) -> Panel {
    let bands = interval.map { interval in
      Band(x: fit.x, lower: interval.lower, upper: interval.upper, label: interval.label)
    }
    let centre = interval.flatMap { interval in
      interval.centre.map { centre in
        Line(x: fit.x, y: centre, label: interval.centreLabel, stroke: .centre)
      }
    }
    let truth = truth.map { Line(x: $0.x, y: $0.y, label: "truth", stroke: .truth) }
    let marks = layered(
      points: [Scatter(x: points.x, y: points.y, label: "data", opacity: opacity)],
      bands: [bands].compactMap(\.self),
      curves: [truth, centre].compactMap(\.self) + fit.lines(label: "fit", stroke: .fit))
    return Panel(title: title, subtitle: subtitle, x: x, y: y, marks: marks)
  }
}

extension Axis {
  /// Limits that contain the data and as much of their surroundings as is not too far away.
  ///
  /// Where few keys are in reach, an interval may be a thousand times as long as the data, and an axis
  /// that contained it would flatten everything else. So it is cut one height of the data above and
  /// below them.
  ///
  /// - Parameters:
  ///   - data: Numbers that must be visible; those that are not finite are ignored.
  ///   - surroundings: Numbers that may be cut off, such as the ends of intervals.
  /// - Returns: The limits, with the usual margin, nil without finite data or if all data are equal;
  ///   and whether they cut the surroundings.
  /// - Complexity: O(count).
  package static func limits(
    holding data: [[Double]], surroundings: [[Double]]
  ) -> (limits: ClosedRange<Double>?, areCut: Bool) {
    func range(_ columns: [[Double]]) -> ClosedRange<Double>? {
      columns.joined().reduce(nil) { $1.isFinite ? widened($0, toHold: $1) : $0 }
    }
    guard let inner = range(data), let outer = hull(inner, range(surroundings)) else {
      return (nil, false)
    }
    // Halves, because the span of −10³⁰⁸…10³⁰⁸ overflows.
    let half = inner.upperBound / 2 - inner.lowerBound / 2
    guard half > 0 else { return (nil, false) }
    let low = max(outer.lowerBound, inner.lowerBound - 2 * half)
    let high = min(outer.upperBound, inner.upperBound + 2 * half)
    return (
      AxisLimits.covering(low...high, on: .linear, isTight: false),
      outer.lowerBound < low || outer.upperBound > high
    )
  }
}

extension Panel {
  /// Observations, the bands behind or over them, and the curves in front.
  ///
  /// A few points are drawn over bands. Many points would hide the bands, so they are fainter and drawn
  /// under them; curves in front of them get a paper-coloured edge, without which no colour shows on so
  /// dark a background.
  ///
  /// - Complexity: O(size of the data).
  static func layered(points: [Scatter], bands: [Band], curves: [Line]) -> [Mark] {
    let bands = bands.map(Mark.band)
    guard points.contains(where: { $0.x.count > PointGrid.threshold }) else {
      return bands + points.map(Mark.scatter) + curves.map(Mark.line)
    }
    let faint = points.map { points in
      var points = points
      points.opacity = min(points.opacity, crowdOpacity)
      return Mark.scatter(points)
    }
    let edges = curves.map { curve in
      let width = curve.stroke.width + 2.4
      return Mark.line(Line(x: curve.x, y: curve.y, stroke: Stroke(.paper, width: width)))
    }
    return faint + bands + edges + curves.map(Mark.line)
  }

  private static let crowdOpacity = 0.28
}
