extension Panel {
  /// A local minimum of a criterion.
  package struct CriterionMinimum: Equatable, Sendable {
    /// The bandwidth.
    package var bandwidth: Double

    /// The criterion there.
    package var criterion: Double

    /// The bandwidths between which the criterion does not change; nil if it is a point.
    package var stretch: ClosedRange<Double>?

    /// Creates a minimum.
    ///
    /// - Parameters:
    ///   - bandwidth: The bandwidth.
    ///   - criterion: The criterion there.
    ///   - stretch: The bandwidths between which the criterion does not change; nil if it is a point.
    package init(bandwidth: Double, criterion: Double, stretch: ClosedRange<Double>? = nil) {
      self.bandwidth = bandwidth
      self.criterion = criterion
      self.stretch = stretch
    }
  }

  /// A criterion as a function of one bandwidth, with its minima.
  ///
  /// Where the criterion is not finite, the curve has a gap, shaded from the last finite point to the
  /// next.
  ///
  /// - Parameters:
  ///   - title: What the panel shows.
  ///   - subtitle: A less prominent line under it.
  ///   - curve: The criterion at each bandwidth, in ascending order.
  ///   - minima: The local minima except the chosen one.
  ///   - chosen: The chosen minimum.
  ///   - chosenLabel: The label under it.
  ///   - x: The axis of the bandwidth.
  ///   - y: The axis of the criterion.
  package static func criterion(
    title: String, subtitle: String = "", curve: Curve, minima: [CriterionMinimum],
    chosen: CriterionMinimum, chosenLabel: String, x: Axis, y: Axis
  ) -> Panel {
    var marks = gaps(of: curve).map { gap in
      Mark.shading(Shading(gap, label: "no criterion"))
    }
    marks.append(.line(Line(x: curve.x, y: curve.y, label: "criterion")))
    let stretches = (minima + [chosen]).compactMap { minimum in
      minimum.stretch.map { (range: $0, criterion: minimum.criterion) }
    }
    marks += stretches.map { stretch in
      .line(
        Line(
          x: [stretch.range.lowerBound, stretch.range.upperBound],
          y: [stretch.criterion, stretch.criterion], label: "flat minimum",
          stroke: Stroke(.highlight, width: 5, opacity: 0.55)))
    }
    if !minima.isEmpty {
      marks.append(
        .scatter(
          Scatter(
            x: minima.map(\.bandwidth), y: minima.map(\.criterion), label: "local minimum",
            color: .points, opacity: 1, radius: minima.count > 40 ? 1.5 : 3)))
    }
    marks += [
      .rule(Rule(.vertical, at: chosen.bandwidth)),
      .scatter(
        Scatter(
          x: [chosen.bandwidth], y: [chosen.criterion], label: "chosen", color: .highlight,
          opacity: 1, radius: 5)),
      .annotation(
        Annotation(chosenLabel, x: chosen.bandwidth, y: chosen.criterion, side: .below)),
    ]
    return Panel(title: title, subtitle: subtitle, x: x, y: y, marks: marks)
  }

  /// The stretches of x without a finite y, up to their finite neighbours.
  private static func gaps(of curve: Curve) -> [ClosedRange<Double>] {
    var gaps: [ClosedRange<Double>] = []
    var start: Double?
    for (place, y) in curve.y.enumerated() {
      if y.isFinite {
        if let first = start, first < curve.x[place] { gaps.append(first...curve.x[place]) }
        start = nil
      } else if start == nil {
        start = curve.x[max(place - 1, 0)]
      }
    }
    if let start, let last = curve.x.last, start < last { gaps.append(start...last) }
    return gaps
  }
}

extension Axis {
  /// The axis of a criterion: the lowest parts in full, with room for words under them; parts far above
  /// the minima and the ends of the curve are cut.
  ///
  /// - Parameters:
  ///   - label: What the criterion is.
  ///   - curves: The criterion in all panels that share the axis, each in the order of the bandwidths.
  ///   - minima: The criterion at all marked minima.
  /// - Returns: The axis, and whether it cuts a curve.
  /// - Complexity: O(n log n).
  package static func criterion(
    label: String, curves: [[Double]], minima: [Double]
  ) -> (axis: Axis, isCut: Bool) {
    let finite = curves.joined().filter(\.isFinite).sorted()
    guard let first = finite.first, let greatest = finite.last else {
      return (Axis(label: label), false)
    }
    let least = minima.reduce(first) { $1.isFinite ? min($0, $1) : $0 }
    let ends = curves.compactMap { $0.last { $0.isFinite } }
    let worthSeeing = (ends + minima.filter(\.isFinite) + [finite[finite.count * 3 / 4]])
      .reduce(least) { max($0, $1) }
    let height = worthSeeing - least
    guard height > 1e-9 * max(least.magnitude, worthSeeing.magnitude), height.isFinite else {
      return (Axis(label: label), false)
    }
    let top = min(greatest, worthSeeing + height / 4)
    let span = top - least
    return (
      Axis(label: label, limits: least - span * 0.16...top + span * AxisLimits.margin),
      greatest > top
    )
  }
}
