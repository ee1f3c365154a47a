internal import RealModule

/// A minimum of a function of one variable inside a bracket, without derivatives.
///
/// It takes parabolic steps where they help and golden-section steps elsewhere, so step functions and
/// functions with infinite stretches do no harm.
///
/// - Complexity: about 10 to 40 evaluations.
///
/// ## Source
/// R. P. Brent, Algorithms for Minimization without Derivatives (Prentice-Hall, 1973), chapter 5.
package func brentMinimum(
  from lower: Double, to upper: Double, startingAt start: (x: Double, value: Double),
  tolerance: Double,
  of function: (Double) throws(KernelRegressionError) -> Double
) throws(KernelRegressionError) -> (x: Double, value: Double) {
  let golden = (3 - Double.sqrt(5)) / 2
  var (a, b) = (lower, upper)
  var best = start
  var second = start
  var third = start
  var step = 0.0
  var lastButOne = 0.0
  for _ in 0..<100 {
    let middle = (a + b) / 2
    guard (best.x - middle).magnitude > 2 * tolerance - (b - a) / 2 else { break }
    var candidate: Double?
    if lastButOne.magnitude > tolerance {
      // The vertex of the parabola through the three best points, if it lies inside the bracket
      // and the step is less than half of the one before last.
      let r = (best.x - second.x) * (best.value - third.value)
      let q = (best.x - third.x) * (best.value - second.value)
      let numerator = (best.x - third.x) * q - (best.x - second.x) * r
      let vertex = best.x - numerator / (2 * (q - r))
      if vertex > a, vertex < b, (vertex - best.x).magnitude < (lastButOne / 2).magnitude {
        candidate = vertex
      }
    }
    lastButOne = step
    if let candidate {
      step = candidate - best.x
    } else {
      lastButOne = best.x < middle ? b - best.x : a - best.x
      step = golden * lastButOne
    }
    if step.magnitude < tolerance { step = best.x < middle ? tolerance : -tolerance }
    let x = best.x + step
    let point = (x: x, value: try function(x))
    if point.value <= best.value {
      if x < best.x { b = best.x } else { a = best.x }
      (third, second, best) = (second, best, point)
    } else {
      if x < best.x { a = x } else { b = x }
      if point.value <= second.value || second.x == best.x {
        (third, second) = (second, point)
      } else if point.value <= third.value || third.x == best.x || third.x == second.x {
        third = point
      }
    }
  }
  return best
}
