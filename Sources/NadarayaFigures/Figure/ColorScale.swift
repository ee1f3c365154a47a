/// How heatmaps turn values into colours.
///
/// A figure has one scale, so that a colour means the same value in every panel; a panel that shows
/// something else has its own scale and bar.
package struct ColorScale: Hashable, Sendable {
  /// What the colours measure, written beside the colour bar; empty for none.
  package let label: String

  /// The values of the colours nearest to and farthest from paper; nil to find them from the data.
  package let limits: ClosedRange<Double>?

  /// Whether limits found from the data include 0, for example for weights.
  package let includesZero: Bool

  /// Creates a colour scale.
  ///
  /// - Parameters:
  ///   - label: What the colours measure; empty for none.
  ///   - limits: The values of the colours nearest to and farthest from paper: finite and distinct, or
  ///     the program stops; nil to find them from the data. Values beyond them get the colour of the
  ///     nearer end.
  ///   - includesZero: Whether limits found from the data include 0.
  package init(
    label: String = "", limits: ClosedRange<Double>? = nil, includesZero: Bool = false
  ) {
    if let limits {
      precondition(
        limits.lowerBound.isFinite && limits.upperBound.isFinite,
        "A colour scale cannot run from \(limits.lowerBound) to \(limits.upperBound).")
      precondition(
        limits.lowerBound < limits.upperBound, "A colour scale needs limits that differ.")
    }
    self.label = label
    self.limits = limits
    self.includesZero = includesZero
  }
}

/// A colour scale with known limits.
struct ColorMap: Hashable, Sendable {
  let limits: ClosedRange<Double>

  /// The level of a finite value, 0 to 255.
  func level(of value: Double) -> Int {
    let halfSpan = limits.upperBound / 2 - limits.lowerBound / 2
    let fraction = (value / 2 - limits.lowerBound / 2) / halfSpan
    let level = (min(max(fraction, 0), 1) * Double(SequentialReds.levels - 1)).rounded()
    return Int(level)
  }
}

extension ColorScale {
  /// The map from the values of some marks to colours; nil if none has a finite cell.
  ///
  /// - Complexity: O(number of cells).
  fileprivate func map(of marks: [Mark]) -> ColorMap? {
    guard let data = marks.reduce(nil, { hull($0, $1.content.valueRange) }) else { return nil }
    if let limits { return ColorMap(limits: limits) }
    let range = includesZero ? widened(data, toHold: 0) : data
    return ColorMap(limits: AxisLimits.covering(range, on: .linear, isTight: true))
  }
}

extension Panel {
  /// The map of a panel with its own colours; nil if it has none.
  ///
  /// - Complexity: O(number of cells).
  var colorMap: ColorMap? { colorScale.flatMap { $0.map(of: marks) } }
}

extension Figure {
  /// The shared map for all panels without their own colours; nil if none of their heatmaps has a
  /// finite value.
  ///
  /// - Complexity: O(number of cells).
  var colorMap: ColorMap? {
    colorScale.map(of: panels.filter { $0.colorScale == nil }.flatMap(\.marks))
  }
}
