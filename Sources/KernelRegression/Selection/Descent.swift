internal import RealModule

/// A descent within bounds along gradients (BFGS) or one coordinate after another.
///
/// Gradients are those of a function that knows them, otherwise central differences. A coordinate stays at a
/// bound while the gradient pushes against it; the others continue. Infinite values are walls.
///
/// ## Source
/// J. Nocedal and S. J. Wright, Numerical Optimization, 2nd edition (Springer, 2006), chapter 6.
struct Descent {
  /// A place with the function's value.
  typealias Point = (place: [Double], value: Double)

  let bounds: [ClosedRange<Double>]

  /// Whether the function is a logarithm, whose differences matter; otherwise ratios matter.
  let isLogarithm: Bool

  /// A descent ends after two steps in a row that gain no more than this fraction of the value.
  let leastGain: Double

  /// Steps shorter than this are not tried.
  let leastStep: Double

  let function: ([Double]) throws(KernelRegressionError) -> Double

  /// The function with its gradient, where it knows that.
  var sloped: ([Double]) throws(KernelRegressionError) -> (value: Double, slopes: [Double]?)? = {
    _ throws(KernelRegressionError) in nil
  }

  /// With values accurate to about 1e-12, this step balances rounding against curvature.
  private static let difference = 3e-4

  private static let flatness = 1e-7

  /// The scale of a change in the function.
  func scale(of value: Double) -> Double {
    isLogarithm ? 1 : max(value.magnitude, .leastNormalMagnitude)
  }

  /// A place with the function's value and, where the function knows it, its gradient.
  private struct Step {
    let place: [Double]
    let value: Double
    let slopes: [Double]?
    var point: Point { (place, value) }
  }

  private func step(at place: [Double]) throws(KernelRegressionError) -> Step {
    if let (value, slopes) = try sloped(place) {
      return Step(place: place, value: value, slopes: slopes)
    }
    return Step(place: place, value: try function(place), slopes: nil)
  }

  /// The minimum reached by following gradients.
  func run(from start: [Double]) throws(KernelRegressionError) -> Point {
    try run(from: start, inverse: nil).point
  }

  /// The same with the inverse of the Hessian there, as far as it is known.
  ///
  /// - Parameter inverse: that of the Hessian at the start, if known.
  func run(
    from start: [Double], inverse given: [[Double]]?
  ) throws(KernelRegressionError) -> (point: Point, inverse: [[Double]]?) {
    var point = try step(at: start)
    guard point.value.isFinite else { return (point.point, given) }
    let count = start.count
    var inverse = given
    var gradient = try gradient(at: point)
    var idle = 0
    for _ in 0..<100 {
      let free = (0..<count).map { isFree($0, point.place, gradient[$0]) }
      let scale = scale(of: point.value)
      guard
        (0..<count).contains(where: { free[$0] && gradient[$0].magnitude > Self.flatness * scale })
      else { break }
      var direction = Self.direction(gradient, inverse, free)
      if zip(direction, gradient).reduce(0, { $0 + $1.0 * $1.1 }) >= 0 {
        inverse = nil
        direction = Self.direction(gradient, nil, free)
      }
      guard let next = try search(from: point, along: direction, gradient) else {
        if inverse == nil { break }
        inverse = nil
        continue
      }
      let nextGradient = try self.gradient(at: next)
      inverse = Self.updated(
        inverse, step: zip(next.place, point.place).map { $0 - $1 },
        change: zip(nextGradient, gradient).map { $0 - $1 })
      idle = point.value - next.value <= leastGain * scale ? idle + 1 : 0
      (point, gradient) = (next, nextGradient)
      if idle == 2 { break }
    }
    return (point.point, inverse)
  }

  private func isFree(_ index: Int, _ place: [Double], _ slope: Double) -> Bool {
    !(place[index] <= bounds[index].lowerBound && slope > 0)
      && !(place[index] >= bounds[index].upperBound && slope < 0)
  }

  private func gradient(at step: Step) throws(KernelRegressionError) -> [Double] {
    if let slopes = step.slopes { return slopes }
    let point = step.point
    var gradient = [Double](repeating: 0, count: point.place.count)
    for index in point.place.indices {
      var (below, above) = (point, point)
      below.place[index] = max(point.place[index] - Self.difference, bounds[index].lowerBound)
      above.place[index] = min(point.place[index] + Self.difference, bounds[index].upperBound)
      if below.place[index] < point.place[index] { below.value = try function(below.place) }
      if above.place[index] > point.place[index] { above.value = try function(above.place) }
      if !below.value.isFinite { below = point }
      if !above.value.isFinite { above = point }
      let width = above.place[index] - below.place[index]
      gradient[index] = width > 0 ? (above.value - below.value) / width : 0
    }
    return gradient
  }

  /// The quasi-Newton direction over the free coordinates; without curvature, half a unit down the
  /// gradient at most.
  private static func direction(
    _ gradient: [Double], _ inverse: [[Double]]?, _ free: [Bool]
  ) -> [Double] {
    let reduced = zip(gradient, free).map { $1 ? $0 : 0 }
    guard let inverse else {
      let length = reduced.reduce(0) { max($0, $1.magnitude) }
      return reduced.map { -$0 / length * 0.5 }
    }
    var direction = inverse.map { row in -zip(row, reduced).reduce(0) { $0 + $1.0 * $1.1 } }
    for index in direction.indices where !free[index] { direction[index] = 0 }
    // Two units of ln h are a factor of seven.
    let length = direction.reduce(0) { max($0, $1.magnitude) }
    return length > 2 ? direction.map { $0 / length * 2 } : direction
  }

  /// A step that lowers the function enough for its slope (Armijo), halved until it does.
  private func search(
    from point: Step, along direction: [Double], _ gradient: [Double]
  ) throws(KernelRegressionError) -> Step? {
    var fraction = 1.0
    for _ in 0..<25 {
      let place = point.place.indices.map { index in
        min(
          max(point.place[index] + fraction * direction[index], bounds[index].lowerBound),
          bounds[index].upperBound)
      }
      let expected = place.indices.reduce(0) {
        $0 + gradient[$1] * (place[$1] - point.place[$1])
      }
      guard expected < 0 else { return nil }
      let step = try step(at: place)
      let value = step.value
      if value <= point.value + 1e-4 * expected { return step }
      // The vertex of the parabola through both values and the slope, if it is plausible.
      let vertex = -expected / (2 * (value - point.value - expected))
      fraction *= vertex > 0.1 && vertex < 0.5 ? vertex : 0.25
      if fraction * direction.reduce(0, { max($0, $1.magnitude) }) < leastStep {
        return nil
      }
    }
    return nil
  }

  /// The inverse of the Hessian after a step (BFGS); kept where the curvature along it is not positive.
  private static func updated(
    _ inverse: [[Double]]?, step: [Double], change: [Double]
  ) -> [[Double]]? {
    let curvature = zip(step, change).reduce(0) { $0 + $1.0 * $1.1 }
    let size = change.reduce(0) { $0 + $1 * $1 }
    guard curvature > 0, size > 0, (curvature / size).isFinite else { return inverse }
    let count = step.count
    let old =
      inverse
      ?? (0..<count).map { row in (0..<count).map { row == $0 ? curvature / size : 0 } }
    let image = old.map { row in zip(row, change).reduce(0) { $0 + $1.0 * $1.1 } }
    let factor = 1 + zip(change, image).reduce(0) { $0 + $1.0 * $1.1 } / curvature
    return (0..<count).map { row in
      (0..<count).map { column in
        old[row][column]
          + (factor * step[row] * step[column] - image[row] * step[column] - step[row]
            * image[column]) / curvature
      }
    }
  }

  /// A lower place beyond the kinks at which a descent stops, if changing one coordinate by a factor of
  /// at most e reaches it; otherwise the place itself.
  func lookedAround(from start: [Double]) throws(KernelRegressionError) -> [Double] {
    var point: Point = (start, try function(start))
    guard point.value.isFinite else { return start }
    for _ in 0..<4 {
      var lowest = point
      for index in start.indices {
        for step in -12...12 where step != 0 {
          var trial = point.place
          trial[index] = min(
            max(trial[index] + Double(step) / 12, bounds[index].lowerBound),
            bounds[index].upperBound)
          let value = try function(trial)
          if value < lowest.value { lowest = (trial, value) }
        }
      }
      guard lowest.value < point.value - 1e-9 * scale(of: point.value) else { break }
      point = try inTurn(from: lowest.place, reach: 1.0 / 12, rounds: 3)
    }
    return point.place
  }

  /// The minimum reached by minimising one coordinate after another, for functions without slopes.
  func inTurn(
    from start: [Double], reach: Double, rounds: Int
  ) throws(KernelRegressionError) -> Point {
    var point: Point = (start, try function(start))
    var reach = reach
    guard point.value.isFinite else { return point }
    for _ in 0..<rounds {
      let before = point
      for index in start.indices {
        let lower = max(point.place[index] - reach, bounds[index].lowerBound)
        let upper = min(point.place[index] + reach, bounds[index].upperBound)
        guard lower < upper else { continue }
        let polished = try brentMinimum(
          from: lower, to: upper, startingAt: (point.place[index], point.value),
          tolerance: reach * 1e-3
        ) { x throws(KernelRegressionError) in
          var trial = point.place
          trial[index] = x
          return try function(trial)
        }
        point.place[index] = polished.x
        point.value = polished.value
      }
      if before.value - point.value <= 1e-11 * scale(of: point.value) {
        // A wall of infeasible places is closer than such steps can resolve.
        if reach <= 1e-6 { break }
        reach = max(reach / 8, 1e-6)
        continue
      }
      let moved = zip(before.place, point.place).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      reach = max(min(reach, 4 * moved), 1e-6)
    }
    return point
  }
}
