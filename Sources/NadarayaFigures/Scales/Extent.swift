/// The rectangle that data fill, in their own units; nil along an axis if nothing can be drawn.
struct Extent: Hashable, Sendable {
  var x: ClosedRange<Double>?
  var y: ClosedRange<Double>?

  /// Nothing that can be drawn.
  static let empty = Extent(x: nil, y: nil)

  /// The smallest extent that contains both.
  func union(_ other: Extent) -> Extent {
    Extent(x: hull(x, other.x), y: hull(y, other.y))
  }

  /// The extent of the points whose coordinates can both be drawn.
  ///
  /// - Complexity: O(number of points).
  static func ofPoints(
    x: [Double], y: [Double], on scales: AxisScales
  ) -> Extent {
    var extent = Extent.empty
    for (x, y) in zip(x, y) where scales.x.canShow(x) && scales.y.canShow(y) {
      extent.x = widened(extent.x, toHold: x)
      extent.y = widened(extent.y, toHold: y)
    }
    return extent
  }

  /// The extent of the intervals whose ends can both be drawn.
  static func ofIntervals(
    x: [Double], lower: [Double], upper: [Double], on scales: AxisScales
  ) -> Extent {
    let isWhole = zip(lower, upper).map { scales.y.canShow($0) && scales.y.canShow($1) }
    let x = zip(x, isWhole).map { $1 ? $0 : .nan }
    return ofPoints(x: x, y: lower, on: scales).union(ofPoints(x: x, y: upper, on: scales))
  }
}

/// The scales of a panel's two axes.
struct AxisScales: Hashable, Sendable {
  var x: Axis.Scale
  var y: Axis.Scale
}

/// The smallest range that contains two others, either of which may be absent.
func hull(_ first: ClosedRange<Double>?, _ second: ClosedRange<Double>?) -> ClosedRange<Double>? {
  guard let first else { return second }
  guard let second else { return first }
  return min(first.lowerBound, second.lowerBound)...max(first.upperBound, second.upperBound)
}

/// The smallest range that contains another and a finite value.
func widened(_ range: ClosedRange<Double>?, toHold value: Double) -> ClosedRange<Double> {
  guard let range else { return value...value }
  return min(range.lowerBound, value)...max(range.upperBound, value)
}
