internal import KernelSums

// Products use Dekker's splitting: without a hardware instruction that the compiler may use, a fused
// multiplication is a C library call, which is too slow for these loops.

/// A double in two halves of 26 bits, whose products with other halves are exact.
private struct Halves {
  let high: Double
  let low: Double

  @inline(__always)
  init(_ number: Double) {
    let scaled = 134_217_729 * number
    high = scaled - (scaled - number)
    low = number - high
  }

  /// The rounding error of a product of two doubles.
  @inline(__always)
  func error(of product: Double, with other: Halves) -> Double {
    ((high * other.high - product) + high * other.low + low * other.high) + low * other.low
  }
}

extension DoubleDouble {
  /// A double double times many others.
  struct Factor {
    private let factor: DoubleDouble
    private let halves: Halves

    init(_ factor: DoubleDouble) {
      self.factor = factor
      halves = Halves(factor.head)
    }

    @inline(__always)
    func times(_ other: DoubleDouble) -> (head: Double, tail: Double) {
      let product = factor.head * other.head
      let error = halves.error(of: product, with: Halves(other.head))
      return (product, error + (factor.head * other.tail + factor.tail * other.head))
    }
  }

  @inline(__always)
  func plus(_ head: Double, _ tail: Double) -> DoubleDouble {
    let sum = self.head + head
    let part = sum - self.head
    let lost = (self.head - (sum - part)) + (head - part) + (self.tail + tail)
    let rounded = sum + lost
    return DoubleDouble(head: rounded, tail: lost - (rounded - sum))
  }

  func times(_ number: Double) -> DoubleDouble { self * DoubleDouble(number) }

  static func / (x: DoubleDouble, y: DoubleDouble) -> DoubleDouble {
    let quotient = x.head / y.head
    let rest = x - y * DoubleDouble(quotient)
    return DoubleDouble(sumOf: quotient, rest.head / y.head)
  }
}

extension [DoubleDouble] {
  /// Subtracts multiples of other numbers, from a place on.
  mutating func subtract(_ factor: DoubleDouble, times other: [DoubleDouble], from start: Int) {
    precondition(count == other.count, "both vectors must have the same length")
    let factor = DoubleDouble.Factor(factor)
    withUnsafeMutableBufferPointer { numbers in
      other.withUnsafeBufferPointer { other in
        for place in start..<numbers.count {
          let (head, tail) = factor.times(other[place])
          numbers[place] = numbers[place].plus(-head, -tail)
        }
      }
    }
  }

  /// The sum of products from a place on.
  func product(with other: [DoubleDouble], from start: Int = 0) -> DoubleDouble {
    precondition(count == other.count, "both vectors must have the same length")
    return withUnsafeBufferPointer { numbers in
      other.withUnsafeBufferPointer { other in
        var sum = DoubleDouble.zero
        for place in start..<numbers.count {
          let (head, tail) = DoubleDouble.Factor(numbers[place]).times(other[place])
          sum = sum.plus(head, tail)
        }
        return sum
      }
    }
  }
}
