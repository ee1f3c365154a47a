internal import RealModule

/// The quantile of the standard normal distribution: the z with Φ(z) = p.
///
/// Newton's method on ln of the tail, from a start within a tenth; the tail is erfc, which keeps its
/// digits however small it is.
///
/// - Parameter probability: p, above 0 and below 1.
/// - Complexity: about five evaluations of erfc.
func normalQuantile(_ probability: Double) -> Double {
  precondition(probability > 0 && probability < 1, "a probability must lie between 0 and 1")
  guard probability >= 0.5 else { return -normalQuantile(complement: probability) }
  return normalQuantile(complement: 1 - probability)
}

/// The z above which a standard normal variable lies with probability `tail`, at most a half.
func normalQuantile(complement tail: Double) -> Double {
  var z = Double.sqrt(max(-2 * .log(2 * tail), 0))
  for _ in 0..<60 {
    let upper = Double.erfc(z / .sqrt(2)) / 2
    let density = Double.exp(-z * z / 2) / .sqrt(2 * .pi)
    let step = (Double.log(upper) - .log(tail)) * upper / density
    z += step
    if step.magnitude <= 1e-15 * max(z.magnitude, 1) { break }
  }
  return z
}

/// The t above which a variable of Student's distribution lies with probability `tail`.
///
/// Newton's method on ln of the tail, which is half of the incomplete beta function I_x(ν/2, ½), x = ν/(ν
/// + t²), bracketed by values known to be too small and too large. Where ν is at least 300 (z² + 2), z being
/// the normal quantile, five terms of its expansion in 1/ν are within 6·10⁻¹⁶ of it.
///
/// - Parameters:
///   - tail: above 0, at most a half.
///   - degreesOfFreedom: ν, at least 1, not necessarily whole; infinite for the normal distribution.
/// - Complexity: about 5 to 10 evaluations of a continued fraction; O(1) for large ν.
///
/// ## Source
/// M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.5 for the expansion.
func studentQuantile(complement tail: Double, degreesOfFreedom: Double) -> Double {
  studentQuantile(
    complement: tail, normal: normalQuantile(complement: tail), degreesOfFreedom: degreesOfFreedom)
}

/// The same given z, which many quantiles of one tail share.
func studentQuantile(
  complement tail: Double, normal: Double, degreesOfFreedom: Double
) -> Double {
  let expanded = expandedQuantile(normal, degreesOfFreedom)
  guard degreesOfFreedom < 300 * (normal * normal + 2) else { return expanded }
  let half = (degreesOfFreedom + 1) / 2
  let logConstant =
    Double.logGamma(half) - .logGamma(degreesOfFreedom / 2)
    - .log(degreesOfFreedom * .pi) / 2
  func upper(_ t: Double) -> Double {
    let x = degreesOfFreedom / (degreesOfFreedom + t * t)
    return incompleteBeta(x, degreesOfFreedom / 2, 0.5) / 2
  }
  var low = 0.0
  var high = Double.infinity
  var t = degreesOfFreedom < 4 * (normal * normal + 2) ? normal : expanded
  for _ in 0..<200 {
    let share = upper(t)
    if share > tail { low = t } else { high = t }
    let density = Double.exp(logConstant - half * .log(onePlus: t * t / degreesOfFreedom))
    var next = t + (Double.log(share) - .log(tail)) * share / density
    let isNewton = next > low && next < high
    if !isNewton { next = high == .infinity ? max(2 * t, 1) : low + (high - low) / 2 }
    let step = next - t
    t = next
    // Newton's steps square the error; what rounding leaves of the next one decides nothing.
    if isNewton && step.magnitude <= 1e-9 * t || high - low <= 1e-15 * t || t > 1e300 { break }
  }
  return t
}

/// z + g₁(z)/ν + … + g₄(z)/ν⁴.
private func expandedQuantile(_ z: Double, _ degreesOfFreedom: Double) -> Double {
  let s = z * z
  let first = z * (s + 1) / 4
  let second = z * ((5 * s + 16) * s + 3) / 96
  let third = z * (((3 * s + 19) * s + 17) * s - 15) / 384
  let fourth = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160
  let x = 1 / degreesOfFreedom
  return z + x * (first + x * (second + x * (third + x * fourth)))
}

/// I_x(a, b), the regularised incomplete beta function.
///
/// ## Source
/// NIST Digital Library of Mathematical Functions, 8.17.22 for the continued fraction, by the method of
/// W. J. Lentz.
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
  let logFront =
    a * .log(x) + b * .log(onePlus: -x) + .logGamma(a + b) - .logGamma(a) - .logGamma(b)
  let smallest = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (d.magnitude < smallest ? smallest : d)
  var fraction = d
  for index in 1...2000 {
    let m = Double(index)
    for even in [true, false] {
      let coefficient =
        even
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 + coefficient * d
      d = 1 / (d.magnitude < smallest ? smallest : d)
      c = 1 + coefficient / c
      if c.magnitude < smallest { c = smallest }
      fraction *= c * d
    }
    if (c * d - 1).magnitude < 1e-16 { break }
  }
  return .exp(logFront) * fraction / a
}
