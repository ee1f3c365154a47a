/// One axis of a panel.
package struct Axis: Hashable, Sendable {
  /// How values are spaced along an axis.
  package enum Scale: Hashable, Sendable {
    /// Equal differences have equal lengths.
    case linear

    /// Equal ratios have equal lengths. Only positive values can be shown.
    case log10
  }

  /// What the axis measures, with its unit; empty for none.
  package let label: String

  /// How values are spaced.
  package let scale: Scale

  /// The values at the ends; nil to find them from the data.
  package let limits: ClosedRange<Double>?

  /// Whether values grow leftwards or downwards, like the rows of a matrix.
  package let isReversed: Bool

  /// Whether only whole numbers are marked, for example on an axis of indices.
  package let marksWholeNumbers: Bool

  /// The names shown at 0, 1, 2, … in place of numbers; empty for numbers.
  package let names: [String]

  /// Creates an axis.
  ///
  /// - Parameters:
  ///   - label: What the axis measures, with its unit; empty for none.
  ///   - scale: How values are spaced.
  ///   - limits: The values at the ends: finite and distinct, and positive on a log scale, or the
  ///     program stops; nil to find them from the data, with a margin of 4 %, or none for heatmaps.
  ///     Limits too close for a `Double` to hold ticks between are widened a little.
  ///   - isReversed: Whether values grow leftwards or downwards.
  ///   - marksWholeNumbers: Whether only whole numbers are marked; a log axis ignores it.
  ///   - names: The names shown at 0, 1, 2, … in place of numbers, for categories; the axis gives each
  ///     the same length and ignores `limits`. Empty for numbers; a log axis with names stops the
  ///     program.
  package init(
    label: String = "", scale: Scale = .linear, limits: ClosedRange<Double>? = nil,
    isReversed: Bool = false, marksWholeNumbers: Bool = false, names: [String] = []
  ) {
    precondition(names.isEmpty || scale == .linear, "An axis of names cannot be logarithmic.")
    if let limits {
      precondition(
        scale.canShow(limits.lowerBound) && scale.canShow(limits.upperBound),
        "An axis cannot run from \(limits.lowerBound) to \(limits.upperBound).")
      precondition(
        limits.lowerBound < limits.upperBound, "An axis needs limits that differ.")
    }
    self.label = label
    self.scale = scale
    self.limits = names.isEmpty ? limits : -0.5...Double(names.count) - 0.5
    self.isReversed = isReversed
    self.marksWholeNumbers = marksWholeNumbers
    self.names = names
  }
}

extension Axis.Scale {
  /// Whether the axis can show a value.
  func canShow(_ value: Double) -> Bool {
    value.isFinite && (self == .linear || value > 0)
  }

  /// The coordinate in which the axis is evenly spaced.
  func transform(_ value: Double) -> Double {
    self == .linear ? value : commonLogarithm(value)
  }
}
