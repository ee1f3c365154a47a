extension Axis {
  /// Limits that hold data and, as far as they reach no farther than the data do, what surrounds them.
  ///
  /// Where few keys are in reach an interval may be a thousand times as long as the data; an axis that
  /// held it would flatten everything else. So it is cut one height of the data above and below them.
  ///
  /// - Parameters:
  ///   - data: What must be seen; what is not finite is left out.
  ///   - surroundings: What may be cut, such as the ends of intervals.
  /// - Returns: The limits, with the usual margin, nil without finite data or where all of it is one
  ///   number; and whether they cut the surroundings.
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
