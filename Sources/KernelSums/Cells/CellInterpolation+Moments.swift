internal import RealModule
internal import SimilarityKernels

// How well polynomials approximate vᵃ exp(−v²/2) between cells.
//
// Interpolation of f at the p Chebyshev points of an interval of half-width b errs by at most
// 2(b/2)ᵖ max|f⁽ᵖ⁾|/p!, and in two variables by that times 1 plus the Lebesgue constant. With Leibniz'
// rule, the Hermite polynomials of exp(−v²/2) and Cramér's bound |He_n(v)| exp(−v²/4) ≤ 1.0865 √n!,
//
//     |f⁽ᵖ⁾(v)|/p! ≤ 1.0865 Σⱼ C(a, j) |v|^(a − j) exp(−v²/4)/√((p − j)!),   j ≤ min(a, p)
//
// where |v|^m exp(−v²/4) is largest at √(2m), or at the end of the interval next to it. That is about
// ten times too large. Examining the coefficients, as is done for few powers, would give a tighter
// bound, but here there are matrices for each power a, and coefficients would be needed up to twice p.
//
// In several inputs moments are slopes of the sums, since K′(v) = −v K(v) and K″(v) = (v² − 1) K(v): with
// b = r/h, the moment of u is ∂f/∂u /b and that of u² is ∂²f/∂u² /b² + f, of the polynomial that is there
// anyway. For a derivative of order k, the part of f beyond the p terms that are kept, and its aliases, of
// lower degree, err by at most
//
//     2 Σ |a_l| T_l⁽ᵏ⁾(1) over l ≥ p,   |a_l| ≤ 2M(ρ)ρ^(−l),   T_l⁽ᵏ⁾(1) ≤ l²ᵏ/(2k − 1)!!
//
// in u, times the Lebesgue constant of t, and interpolating ∂ᵏf in t by what was said for f, with
// |K⁽ᵏ⁾(z)| ≤ |K(z)| times 1, |z|, |z|² + 1. The rounding error is in proportion to Σ|C_lk| times
// l!/(l − k)!/bᵏ.
//
// ## Source
// L. N. Trefethen, Approximation Theory and Approximation Practice (SIAM, 2013), chapter 15. For
// Cramér's bound M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 22.14.17.
extension CellInterpolation {
  /// ε_s of the Gaussian times the power a.
  static func momentBound(_ power: Int, ratio: Double, terms: Int, offset: Int) -> Double {
    let places = Double(max(offset - 1, 0)) * ratio...Double(offset + 1) * ratio
    var sum = 0.0
    var binomial = 1.0
    for j in 0...min(power, terms) {
      let rest = Double(power - j)
      let peak = min(max(Double.sqrt(2 * rest), places.lowerBound), places.upperBound)
      sum +=
        binomial * .exp(-peak * peak / 4 - .logGamma(Double(terms - j + 1)) / 2)
        * .pow(peak, power - j)
      binomial *= rest / Double(j + 1)
    }
    let half = ratio / 2
    return (2 + 2 / .pi * .log(Double(terms))) * 2 * .pow(half / 2, terms) * 1.0865 * sum
  }

  /// ε_s of the Gaussian times the power a, from slopes or curvatures.
  static func slopeErrors(
    _ power: Int, ratio: Double, terms: Int, offsets: ClosedRange<Int>
  ) -> [Double] {
    guard let plain = CellKernel(Similarity(.gaussian, bandwidths: [1])) else { return [] }
    return offsets.map { offset in
      let error = bound(plain, ratio: ratio, terms: terms, offset: offset, slope: power)
      return power < 2 ? error : error + bound(plain, ratio: ratio, terms: terms, offset: offset)
    }
  }

  /// |K⁽ᵏ⁾(z)/K(z)| where |z| is at most `greatest`.
  static func slopeFactor(_ slope: Int, greatest: Double) -> Double {
    switch slope {
    case 0: 1
    case 1: greatest
    default: greatest * greatest + 1
    }
  }

  /// Σ ρ^(p − l) T_l⁽ᵏ⁾(1)/bᵏ over l ≥ p, by a geometric series; nil where that diverges.
  static func slopeRest(_ slope: Int, b: Double, terms: Int, rho: Double) -> Double? {
    let step = Double.pow(1 + 1 / Double(terms), 2 * slope) / rho
    guard step < 1 else { return nil }
    let first = Double.pow(Double(terms), 2 * slope) / (slope == 2 ? 3 : 1)
    return first / .pow(b, slope) / (1 - step)
  }

  /// G_s of a power from slopes or curvatures.
  static func slopeGrowth(
    _ coefficients: [Double], power: Int, ratio: Double, terms: Int
  ) -> Double {
    let scale = 2 / ratio
    return coefficients.indices.reduce(0) { sum, index in
      let row = Double(index / terms)
      let factor = power == 1 ? row * scale : row * (row - 1) * scale * scale + 1
      return sum + coefficients[index].magnitude * factor
    }
  }
}

extension CellKernel {
  /// The largest |(−u)ᵃ K(u)| between two cells `offset` steps apart.
  func greatest(ratio: Double, offset: Int) -> Double {
    let least = Double(max(offset - 1, 0)) * ratio
    guard power > 0 else { return self(least) }
    let peak = min(max(Double.sqrt(Double(power)), least), Double(offset + 1) * ratio)
    return self(peak).magnitude
  }

  /// The approximate size of moments of the power a: E|z|ᵃ of a standard normal z, and at least 1.
  ///
  /// ```
  /// 1, 1, 1, 1.6, 3, 6.4, 15, 38, 105, …
  /// ```
  static func momentSize(_ powers: [Int]) -> Double {
    powers.reduce(1) { $0 * momentSize($1) }
  }

  private static func momentSize(_ power: Int) -> Double {
    // E|z|ᵃ = (a − 1) E|z|^(a − 2), from 1 and √(2/π).
    let start = power.isMultiple(of: 2) ? 1 : Double.sqrt(2 / .pi)
    return max(1, stride(from: power - 1, to: 0, by: -2).reduce(start) { $0 * Double($1) })
  }
}

extension CellTransform {
  /// The approximate size of moments of a power of u, by which their error is measured.
  package static func momentSize(_ power: Int) -> Double { CellKernel.momentSize([power]) }
}
