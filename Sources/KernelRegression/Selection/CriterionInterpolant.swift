internal import RealModule

// A smooth criterion around a minimum, as a polynomial.
//
// To round a minimum takes some 50 values around it: those that Brent's method tries, and differences at 0.06
// in log h and less (`StationaryPoint`). Under a kernel that reaches everywhere the criterion is analytic in log h,
// for |arg h| < π/4 under the Gaussian, so that the coefficients of its Chebyshev series on 0.185 to either side
// fall about eightfold from each to the next. Thirteen values then give all others to the rounding of a value, which
// the last coefficients show. Where these are larger, there is no interpolant.

/// A polynomial through a criterion at Chebyshev's points around a place.
struct CriterionInterpolant {
  /// The distance to which it holds on either side: differences at three times 0.06, and some room to start them.
  static let reach = 0.185

  /// The distance of a minimum from the middle that leaves all differences within reach.
  static let room = 0.004

  let middle: Double
  private let coefficients: [Double]

  private static let degree = 12

  /// Nil if the function is not finite, or not as smooth as the noise of its values.
  ///
  /// - Complexity: 13 values.
  init?(
    around middle: Double, noise: (Double) -> Double,
    of function: (Double) throws(KernelRegressionError) -> Double
  ) throws(KernelRegressionError) {
    self.middle = middle
    let degree = Self.degree
    // Differences from the first value keep the digits of small ones.
    var values: [Double] = []
    for index in 0...degree {
      let place = Double.cos(.pi * Double(index) / Double(degree))
      let value = try function(middle + Self.reach * place)
      guard value.isFinite else { return nil }
      values.append(value)
    }
    let first = values[0]
    var coefficients = (0...degree).map { order in
      (0...degree).reduce(0.0) { sum, index in
        let share = index == 0 || index == degree ? 0.5 : 1
        return sum
          + share * (values[index] - first)
          * .cos(.pi * Double(order * index % (2 * degree)) / Double(degree))
      } * 2 / Double(degree)
    }
    coefficients[0] = coefficients[0] / 2
    coefficients[degree] /= 2
    let limit = noise(values.min() ?? first) / 4
    guard coefficients.suffix(2).allSatisfy({ $0.magnitude <= limit }) else { return nil }
    coefficients[0] += first
    self.coefficients = coefficients
  }

  /// Whether a place is between the outermost points.
  func contains(_ x: Double) -> Bool { (x - middle).magnitude <= Self.reach }

  /// The value at a place, by Clenshaw's recurrence.
  func callAsFunction(_ x: Double) -> Double {
    let place = (x - middle) / Self.reach
    var (next, second) = (0.0, 0.0)
    for coefficient in coefficients.dropFirst().reversed() {
      (next, second) = (coefficient + 2 * place * next - second, next)
    }
    return coefficients[0] + place * next - second
  }
}
