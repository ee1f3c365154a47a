internal import RealModule
internal import SimilarityKernels

/// Between which stretches of keys and queries a kernel is a polynomial, or as good as one.
///
/// Let D be the distance of two stretches and a the half-width of the wider, both over h. In the disc of
/// radius B about a point of the line, B = 5a, which contains the ellipse of Bernstein's theorem with ρ = 10,
/// an analytic K is at most M, so a polynomial through P Chebyshev places errs by at most
/// 4Mρ⁻ᴾ/(ρ − 1) = 4.5e-17·M for P = 16, and each of two by three times that. Relative to K(D), M is at most
///
/// ```
/// gaussian    exp(DB + 3B²/2)
/// laplacian   exp(B), on one side of 0
/// logistic    4 exp(B) for B ≤ 2, whose poles are at ±iπ
/// cauchy      4 for B ≤ √(1 + D²)/2, whose poles are at ±i
/// ```
///
/// and 665 is allowed: errors of 1e-13 of the greatest K. The least K must be a thousandth of that.
///
/// ## Source
/// L. N. Trefethen, Approximation Theory and Approximation Practice (SIAM, 2013), theorem 8.2.
struct PairShape: Sendable {
  let kernel: Kernel
  private let form: Kernel.BuiltIn

  /// P.
  let powers: Int

  /// The rules of a built-in kernel; nil for a closure.
  init?(_ kernel: Kernel) {
    guard case .builtIn(let form) = kernel.form else { return nil }
    self.kernel = kernel
    self.form = form
    powers = KernelPolynomial(form).map { $0.degree + 1 } ?? 16
  }

  /// K at least as large as that of any pair at this distance or more, but for a part in 10¹².
  func most(_ distance: Double) -> Double {
    // Rounding must not put a key on the edge outside.
    kernel.profile(distance * (1 - 4 * .ulpOfOne))
  }

  /// Whether polynomials may stand for K between two stretches.
  func isSmooth(between gap: StretchGap, halfWidth: Double) -> Bool {
    guard kernel.profile(gap.farthest) >= 1e-3 * kernel.profile(gap.nearest) else { return false }
    let radius = 5 * halfWidth
    switch form {
    case .constant: return true
    case .gaussian: return radius * (gap.nearest + 1.5 * radius) <= 6.5
    case .laplacian: return gap.isOneSided && radius <= 6.5
    case .logistic: return radius <= 2
    case .cauchy: return radius <= 0.5 * .sqrt(1 + gap.nearest * gap.nearest)
    case .boxcar, .epanechnikov, .biweight, .triweight, .cosine:
      return gap.farthest <= 1 - 8 * .ulpOfOne
    case .triangular, .tricube: return gap.isOneSided && gap.farthest <= 1 - 8 * .ulpOfOne
    }
  }
}

/// How far two stretches of the line are from each other, over the bandwidth.
struct StretchGap {
  let nearest: Double
  let farthest: Double
  /// Whether no point of one lies inside the other.
  let isOneSided: Bool

  init(_ first: ClosedRange<Double>, _ second: ClosedRange<Double>, bandwidth: Double) {
    let above = first.lowerBound - second.upperBound
    let below = second.lowerBound - first.upperBound
    isOneSided = above >= 0 || below >= 0
    nearest = max(above, below, 0) / bandwidth
    farthest =
      max(first.upperBound - second.lowerBound, second.upperBound - first.lowerBound) / bandwidth
  }
}
