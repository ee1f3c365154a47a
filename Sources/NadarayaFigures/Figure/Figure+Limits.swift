/// The ends of a panel's axes; nil if neither the data nor the figure gives any.
struct PanelLimits: Hashable, Sendable {
  var x: ClosedRange<Double>?
  var y: ClosedRange<Double>?
}

extension Figure {
  /// The ends of every panel's axes, shared ones equal in all panels of a scale.
  ///
  /// - Complexity: O(size of the data).
  func limits() -> [PanelLimits] {
    let extents = panels.map(\.extent)
    let x = resolve(
      panels.map(\.x), data: extents.map(\.x), isShared: sharedAxes.contains(.x))
    let y = resolve(
      panels.map(\.y), data: extents.map(\.y), isShared: sharedAxes.contains(.y))
    return zip(x, y).map { PanelLimits(x: $0, y: $1) }
  }

  private func resolve(
    _ axes: [Axis], data: [ClosedRange<Double>?], isShared: Bool
  ) -> [ClosedRange<Double>?] {
    guard isShared else {
      return zip(axes, zip(data, panels)).map { axis, found in
        Self.limits(of: axis, data: found.0, isTight: found.1.isTight)
      }
    }
    let isTight = panels.contains { $0.isTight }
    var shared: [Axis.Scale: ClosedRange<Double>] = [:]
    for scale in [Axis.Scale.linear, .log10] {
      let members = axes.indices.filter { axes[$0].scale == scale }
      // The margin is added once, around the data of all panels together.
      let found = members.filter { axes[$0].limits == nil }.reduce(nil) { hull($0, data[$1]) }
      let given = members.reduce(nil) { hull($0, axes[$1].limits) }
        .map { Self.widenedToShowTicks($0, on: scale) }
      shared[scale] = hull(
        given, found.map { AxisLimits.covering($0, on: scale, isTight: isTight) })
    }
    return axes.map { shared[$0.scale] }
  }

  private static func limits(
    of axis: Axis, data: ClosedRange<Double>?, isTight: Bool
  ) -> ClosedRange<Double>? {
    axis.limits.map { widenedToShowTicks($0, on: axis.scale) }
      ?? data.map { AxisLimits.covering($0, on: axis.scale, isTight: isTight) }
  }

  /// The given limits, slightly widened if no ticks fit between them.
  private static func widenedToShowTicks(
    _ limits: ClosedRange<Double>, on scale: Axis.Scale
  ) -> ClosedRange<Double> {
    let magnitude = max(limits.lowerBound.magnitude, limits.upperBound.magnitude)
    let isFineEnough =
      limits.upperBound - limits.lowerBound >= AxisLimits.finestSpan(around: magnitude)
    return isFineEnough ? limits : AxisLimits.covering(limits, on: scale, isTight: true)
  }
}
