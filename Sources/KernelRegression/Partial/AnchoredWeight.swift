internal import RealModule

/// A weight exp(high + low)·factor, whose logarithm has more digits than a double.
///
/// Merging the parts of a table compares their weights. Far from all keys the logarithms are large, and
/// only the difference of two of them matters.
struct AnchoredWeight: Equatable {
  var high: Double
  var low: Double
  /// 0 for no weight at all.
  var factor: Double

  static var none: AnchoredWeight { AnchoredWeight(high: 0, low: 0, factor: 0) }

  /// ln of the ratio of this weight's exponential to another's.
  func logRatio(to other: AnchoredWeight) -> Double { (high - other.high) + (low - other.low) }

  /// This weight in units of another's exponential.
  func factor(over other: AnchoredWeight) -> Double {
    let difference = logRatio(to: other)
    return difference == 0 ? factor : factor * .exp(difference)
  }

  /// The sum of two weights, at the larger anchor.
  static func + (left: AnchoredWeight, right: AnchoredWeight) -> AnchoredWeight {
    guard left.factor > 0 else { return right }
    guard right.factor > 0 else { return left }
    var (sum, less) = left.logRatio(to: right) >= 0 ? (left, right) : (right, left)
    sum.factor += less.factor(over: sum)
    return sum
  }

  /// Multiplies the weight by the square of a number, which may be tiny.
  func scaled(bySquareOf root: Double) -> AnchoredWeight {
    let square = root * root
    guard square < 1e-200 || square > 1e200 else {
      return AnchoredWeight(high: high, low: low, factor: factor * square)
    }
    return scaled(byExponentialOf: 2 * .log(root.magnitude))
  }

  /// Multiplies the weight by exp(shift).
  func scaled(byExponentialOf shift: Double) -> AnchoredWeight {
    let sum = high + shift
    let error = abs(high) >= abs(shift) ? (high - sum) + shift : (shift - sum) + high
    return AnchoredWeight(high: sum, low: low + error, factor: factor)
  }
}
