extension AxisTicks {
  /// Multiples of the smallest step 1, 2, 2.5 or 5 · 10ᵏ that leaves no more labels than asked for.
  ///
  /// A step is at most twice the one before it, so the number of labels is at least half of what
  /// was asked for, less the one that may fall outside an end.
  ///
  /// - Parameters:
  ///   - limits: Finite ends; every tick lies within them.
  ///   - maximum: The largest number of labels, at least 1.
  ///   - wholeNumbers: Whether steps such as 0.5 and 2.5 are passed over.
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

  /// The multiples of a step within limits; nil where there is none, or where the step is too fine
  /// for a `Double` to tell its multiples apart.
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
}
