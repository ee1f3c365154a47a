extension AxisTicks {
  /// Decades with small ticks between; where the limits hold too few decades, multiples 1, 2, 5 or
  /// 1, 3 of them; within a factor of about three, linear ticks.
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
