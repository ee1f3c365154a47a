extension AxisTicks {
  /// The direction in which an axis runs.
  enum Orientation: Hashable, Sendable {
    case horizontal
    case vertical
  }

  /// The largest number of ticks with well-separated labels on an axis; if it has names, those.
  ///
  /// - Parameters:
  ///   - axis: The axis, for its scale.
  ///   - limits: The ends of the axis.
  ///   - length: The room for the axis in pixels.
  ///   - orientation: Labels of a horizontal axis need their width, of a vertical one their height.
  init(
    fitting axis: Axis, limits: ClosedRange<Double>, length: Double, orientation: Orientation
  ) {
    let projection = Projection(limits: limits, scale: axis.scale, start: 0, end: length)
    guard axis.names.isEmpty else {
      self.init(naming: axis.names, length: length, orientation: orientation)
      thinOut(on: projection, orientation: orientation)
      return
    }
    let spacing: Double = orientation == .horizontal ? 60 : 34
    let most = min(9, max(6, Int(length / spacing)))
    for maximum in stride(from: most, through: 2, by: -1) {
      let ticks = AxisTicks(in: limits, of: axis, atMost: maximum)
      let standsApart = zip(ticks.major, ticks.major.dropFirst()).allSatisfy {
        Self.areApart($0, $1, on: projection, orientation: orientation)
      }
      if ticks.major.count >= 2, standsApart {
        self = ticks
        return
      }
    }
    self = AxisTicks(in: limits, of: axis, atMost: 6)
    thinOut(on: projection, orientation: orientation)
  }

  /// Clears labels that would touch the previous one.
  private mutating func thinOut(on projection: Projection, orientation: Orientation) {
    var last: Tick?
    for index in major.indices {
      // Names that run upwards need the height of a line, like those beside a vertical axis.
      let direction = areRotated ? Orientation.vertical : orientation
      if let last,
        !Self.areApart(
          last, major[index], on: projection, orientation: direction, gap: Self.nameGap)
      {
        major[index].label = ""
      } else {
        last = major[index]
      }
    }
  }

  private static func areApart(
    _ first: Tick, _ second: Tick, on projection: Projection, orientation: Orientation,
    gap: Double = 10
  ) -> Bool {
    guard let from = projection(first.value), let to = projection(second.value) else {
      return false
    }
    let style = TextStyle.tick
    switch orientation {
    case .horizontal:
      let words = style.width(of: first.label) + style.width(of: second.label)
      return to - from >= words / 2 * 1.1 + gap
    case .vertical:
      return to - from >= style.size * 1.5
    }
  }
}
