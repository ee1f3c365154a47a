internal import RealModule

/// A step length that lowers a function enough and flattens its slope (strong Wolfe conditions).
///
/// ```
/// f(α) ≤ f(0) + 10⁻⁴ α f′(0),     |f′(α)| ≤ 0.9 |f′(0)|
/// ```
///
/// ## Source
/// J. Nocedal and S. J. Wright, Numerical Optimization, 2nd edition (Springer, 2006), algorithms 3.5 and
/// 3.6, with the cubic of equation 3.59.
struct WolfeSearch {
  typealias Point = LimitedMemoryDescent.Point

  private let start: Point
  private let direction: [Double]
  private let slope: Double
  private let function: LimitedMemoryDescent.Function

  /// A step tried.
  private struct Trial {
    let length: Double
    let point: Point
    let slope: Double
  }

  init(
    from start: Point, along direction: [Double], slope: Double,
    of function: @escaping LimitedMemoryDescent.Function
  ) {
    self.start = start
    self.direction = direction
    self.slope = slope
    self.function = function
  }

  private static let evaluationLimit = 20

  /// The point after the step; one that only lowers the function enough if no step within about twenty
  /// trials also flattens it; nil if none lowers it.
  func run(startingAt first: Double) -> Point? {
    var low = Trial(length: 0, point: start, slope: slope)
    var length = first
    for count in 0..<Self.evaluationLimit {
      let trial = trial(length)
      if !isLower(trial) || (count > 0 && trial.point.value >= low.point.value) {
        return zoom(low, trial, Self.evaluationLimit - count)
      }
      if trial.slope.magnitude <= -0.9 * slope { return trial.point }
      if trial.slope >= 0 { return zoom(trial, low, Self.evaluationLimit - count) }
      (low, length) = (trial, 2.5 * length)
    }
    return low.point
  }

  /// Narrows an interval whose lower end satisfies the first condition and slopes down into it.
  private func zoom(_ low: Trial, _ high: Trial, _ count: Int) -> Point? {
    var (low, high) = (low, high)
    for _ in 0..<count {
      let trial = trial(between(low, high))
      if !isLower(trial) || trial.point.value >= low.point.value {
        high = trial
      } else {
        if trial.slope.magnitude <= -0.9 * slope { return trial.point }
        if trial.slope * (high.length - low.length) >= 0 { high = low }
        low = trial
      }
      if (high.length - low.length).magnitude <= 1e-12 * high.length.magnitude { break }
    }
    return low.length > 0 ? low.point : nil
  }

  private func trial(_ length: Double) -> Trial {
    let place = start.place.adding(direction, times: length)
    let (value, gradient) = function(place)
    return Trial(
      length: length,
      point: Point(place: place, value: value.isNaN ? .infinity : value, gradient: gradient),
      slope: gradient.product(direction))
  }

  private func isLower(_ trial: Trial) -> Bool {
    trial.point.value <= start.value + 1e-4 * trial.length * slope
  }

  /// The minimum of the cubic through both ends with their slopes, kept a tenth away from the ends; the
  /// middle if there is none.
  private func between(_ low: Trial, _ high: Trial) -> Double {
    let width = high.length - low.length
    let middle = low.length + width / 2
    guard high.point.value.isFinite, high.slope.isFinite else { return low.length + width / 10 }
    let first =
      low.slope + high.slope - 3 * (low.point.value - high.point.value)
      / (low.length - high.length)
    let radicand = first * first - low.slope * high.slope
    guard radicand >= 0 else { return middle }
    let root = Double.sqrt(radicand) * (width > 0 ? 1 : -1)
    let minimum =
      high.length - width * (high.slope + root - first) / (high.slope - low.slope + 2 * root)
    let fraction = (minimum - low.length) / width
    return fraction.isFinite
      ? low.length + width * min(max(fraction, 0.1), 0.9) : middle
  }
}
