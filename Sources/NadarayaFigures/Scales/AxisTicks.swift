/// The marks of an axis and their labels.
struct AxisTicks: Hashable, Sendable {
  /// A labelled mark.
  struct Tick: Hashable, Sendable {
    /// Its position, in the units of the data.
    var value: Double

    /// Its label; empty if there is no room.
    var label: String
  }

  /// The labelled ticks, increasing.
  var major: [Tick]

  /// Values of the small ticks between, increasing; only logarithmic axes have them.
  var minor: [Double] = []

  /// A number to add to every label; nil if labels are complete.
  var offset: String?

  /// Whether labels run upwards, like long names under a horizontal axis.
  var areRotated = false

  /// No ticks at all.
  static let none = AxisTicks(major: [])

  /// Ticks that a person would choose.
  ///
  /// - Parameters:
  ///   - limits: The ends of the axis: finite, and positive if the scale is logarithmic.
  ///   - axis: The axis, for its scale and whether only whole numbers are marked.
  ///   - maximum: The largest number of labels. With 6 or more there are at least 3 labels, unless only
  ///     whole numbers are marked and the limits contain fewer.
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

extension AxisTicks {
  /// Multiples of the smallest step 1, 2, 2.5 or 5 · 10ᵏ that gives no more labels than requested.
  ///
  /// A step is at most twice the previous one, so the number of labels is at least half of the
  /// requested number, minus one that may fall outside an end.
  ///
  /// - Parameters:
  ///   - limits: Finite ends; every tick lies within them.
  ///   - maximum: The largest number of labels, at least 1.
  ///   - wholeNumbers: Whether steps such as 0.5 and 2.5 are skipped.
  init(
    linearIn limits: ClosedRange<Double>, atMost maximum: Int, wholeNumbers: Bool = false
  ) {
    // Halves, because the span of −10³⁰⁸…10³⁰⁸ overflows.
    let halfSpan = limits.upperBound / 2 - limits.lowerBound / 2
    let start = commonLogarithm(halfSpan / Double(maximum) * 2)
    var exponent = max(start.isFinite ? Int(start.rounded(.down)) - 2 : -309, -309)
    while exponent < 310 {
      for factor in [10, 20, 25, 50] {
        if wholeNumbers, exponent < -1 || (exponent == -1 && factor == 25) { continue }
        let step = DecimalNumber(coefficient: factor, exponent: exponent)
        guard let multiples = Self.multiples(of: step, in: limits) else { continue }
        if multiples.count <= maximum {
          self.init(multiples: multiples, of: step)
          return
        }
      }
      exponent += 1
    }
    self = .none
  }

  /// Ticks at consecutive multiples of a step.
  private init(multiples: ClosedRange<Int>, of step: DecimalNumber) {
    let coefficients = multiples.map { $0 * step.coefficient }
    let labels = TickLabels(coefficients: coefficients, exponent: step.exponent)
    self.init(
      major: zip(coefficients, labels.texts).map { coefficient, label in
        Tick(
          value: DecimalNumber(coefficient: coefficient, exponent: step.exponent).value,
          label: label)
      },
      offset: labels.offset)
  }

  /// The multiples of a step within limits; nil if there are none, or if the step is too fine for a
  /// `Double` to distinguish its multiples.
  private static func multiples(
    of step: DecimalNumber, in limits: ClosedRange<Double>
  ) -> ClosedRange<Int>? {
    let size = step.value
    guard size > 0, size.isFinite else { return nil }
    let low = limits.lowerBound / size
    let high = limits.upperBound / size
    guard max(low.magnitude, high.magnitude) < 0x1p52 else { return nil }

    // The quotient may round across an integer: the decimal number itself decides.
    func isInside(_ multiple: Int) -> Bool {
      limits.contains(
        DecimalNumber(coefficient: multiple * step.coefficient, exponent: step.exponent).value)
    }
    var first = Int(low.rounded(.up)) - 1
    var last = Int(high.rounded(.down)) + 1
    while first <= last, !isInside(first) { first += 1 }
    while last > first, !isInside(last) { last -= 1 }
    return first <= last ? first...last : nil
  }

  /// Decades with small ticks between; if the limits contain too few decades, multiples 1, 2, 5 or 1, 3
  /// of them; within a factor of about three, linear ticks.
  ///
  /// - Parameters:
  ///   - limits: Positive, finite ends; every tick lies within them.
  ///   - maximum: The largest number of labels, at least 1.
  init(logarithmicIn limits: ClosedRange<Double>, atMost maximum: Int) {
    let lowest = Int(commonLogarithm(limits.lowerBound).rounded(.down)) - 1
    let highest = Int(commonLogarithm(limits.upperBound).rounded(.up)) + 1
    func inside(_ multiples: [Int], stride step: Int = 1) -> [DecimalNumber] {
      (lowest...highest).filter { $0.isMultiple(of: step) }
        .flatMap { power in multiples.map { DecimalNumber(coefficient: $0, exponent: power) } }
        .filter { limits.contains($0.value) }
    }

    let decades = inside([1])
    if decades.count >= 3 {
      let step = (decades.count + maximum - 1) / maximum
      self.init(
        numbers: inside([1], stride: step),
        minor: step == 1 ? inside([2, 3, 4, 5, 6, 7, 8, 9]) : decades)
      return
    }
    for multiples in [[1, 2, 5], [1, 3]] {
      let numbers = inside(multiples)
      if (3...max(3, maximum)).contains(numbers.count) {
        self.init(numbers: numbers, minor: inside([1, 2, 3, 4, 5, 6, 7, 8, 9]))
        return
      }
    }
    self.init(linearIn: limits, atMost: maximum)
  }

  private init(numbers: [DecimalNumber], minor: [DecimalNumber]) {
    let labelled = Set(numbers.map(\.value))
    let plain = numbers.allSatisfy { (-3...4).contains($0.exponent) }
    self.init(
      major: numbers.map { number in
        let power = superscript(number.exponent)
        let scientific =
          number.coefficient == 1 ? "10" + power : "\(number.coefficient)×10" + power
        return Tick(value: number.value, label: plain ? number.plain : scientific)
      },
      minor: minor.map(\.value).filter { !labelled.contains($0) })
  }
}
