/// Where an axis is marked and what is written there.
struct AxisTicks: Hashable, Sendable {
  /// A labelled mark.
  struct Tick: Hashable, Sendable {
    /// Where it is, in the units of the data.
    var value: Double

    /// What is written beside it; empty where there is no room.
    var label: String
  }

  /// The labelled ticks, increasing.
  var major: [Tick]

  /// Values of the small ticks between, increasing; only logarithmic axes have them.
  var minor: [Double] = []

  /// A number to be added to every label, nil where the labels stand alone.
  var offset: String?

  /// Whether labels run upwards, as long names under a horizontal axis do.
  var areRotated = false

  /// No ticks at all.
  static let none = AxisTicks(major: [])

  /// Ticks that a person would choose.
  ///
  /// - Parameters:
  ///   - limits: The ends of the axis: finite, and positive where the scale is logarithmic.
  ///   - axis: Gives the scale, and whether only whole numbers are marked.
  ///   - maximum: No more labels than this. With 6 or more there are at least 3 labels, except
  ///     where only whole numbers are marked and the limits hold fewer.
  init(in limits: ClosedRange<Double>, of axis: Axis, atMost maximum: Int) {
    switch axis.scale {
    case .linear:
      self.init(linearIn: limits, atMost: maximum, wholeNumbers: axis.marksWholeNumbers)
    case .log10:
      self.init(logarithmicIn: limits, atMost: maximum)
    }
  }

  init(major: [Tick], minor: [Double] = [], offset: String? = nil) {
    self.major = major
    self.minor = minor
    self.offset = offset
  }
}
