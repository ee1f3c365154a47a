internal import RealModule

/// The three integrals that determine a kernel's canonical bandwidth.
package struct Moments: Sendable {
  /// ∫K(u)du.
  let integral: Double
  /// ∫K(u)²du/(∫K)².
  let roughness: Double
  /// ∫u²K(u)du/∫K.
  let secondMoment: Double
}

extension Kernel {
  /// ∫K(u)du; infinite for the constant kernel.
  public var integral: Double { moments.integral }

  /// ∫K(u)²du of the kernel scaled to integral 1.
  public var roughness: Double { moments.roughness }

  /// ∫u²K(u)du of the kernel scaled to integral 1; infinite for cauchy and constant.
  public var secondMoment: Double { moments.secondMoment }

  /// The canonical bandwidth δ, at which kernels smooth equally.
  ///
  /// ```
  /// δ = (R(K)/μ₂(K)²)^(1/5)
  /// ```
  ///
  /// R is ``roughness``, μ₂ ``secondMoment``. Two kernels with bandwidths h₁/δ₁ = h₂/δ₂ trade bias
  /// against variance in the same proportion. Nil where a moment is infinite.
  ///
  /// ## Source
  /// J. S. Marron and D. Nolan, Canonical kernels for density estimation, Statistics & Probability
  /// Letters 7 (1988), doi:10.1016/0167-7152(88)90050-8.
  public var canonicalBandwidth: Double? {
    guard secondMoment.isFinite, roughness.isFinite, secondMoment > 0, roughness > 0 else {
      return nil
    }
    return .pow(roughness / (secondMoment * secondMoment), 0.2)
  }

  /// The bandwidth at which this kernel smooths as much as another does at a given bandwidth.
  ///
  /// ```
  /// h = h′ δ/δ′
  /// ```
  ///
  /// δ and δ′ are the two kernels' ``canonicalBandwidth``. Nil if either has none.
  public func bandwidth(matching bandwidth: Double, of other: Kernel) -> Double? {
    guard let own = canonicalBandwidth, let others = other.canonicalBandwidth else { return nil }
    return bandwidth * (own / others)
  }

  private var moments: Moments {
    switch form {
    case .closure(let closure): closure.moments
    case .builtIn(let kernel): kernel.moments
    }
  }
}

extension Kernel.BuiltIn {
  fileprivate var moments: Moments {
    switch self {
    case .gaussian:
      Moments(integral: .sqrt(2 * .pi), roughness: 0.5 / .sqrt(.pi), secondMoment: 1)
    case .boxcar: Moments(integral: 2, roughness: 1 / 2, secondMoment: 1 / 3)
    case .constant: Moments(integral: .infinity, roughness: 0, secondMoment: .infinity)
    case .triangular: Moments(integral: 1, roughness: 2 / 3, secondMoment: 1 / 6)
    case .epanechnikov: Moments(integral: 4 / 3, roughness: 3 / 5, secondMoment: 1 / 5)
    case .biweight: Moments(integral: 16 / 15, roughness: 5 / 7, secondMoment: 1 / 7)
    case .triweight: Moments(integral: 32 / 35, roughness: 350 / 429, secondMoment: 1 / 9)
    case .tricube: Moments(integral: 81 / 70, roughness: 175 / 247, secondMoment: 35 / 243)
    case .cosine:
      Moments(
        integral: 4 / .pi, roughness: .pi * .pi / 16, secondMoment: 1 - 8 / (.pi * .pi))
    case .laplacian: Moments(integral: 2, roughness: 1 / 4, secondMoment: 2)
    case .logistic: Moments(integral: 4, roughness: 1 / 6, secondMoment: .pi * .pi / 3)
    case .cauchy: Moments(integral: .pi, roughness: 0.5 / .pi, secondMoment: .infinity)
    }
  }
}

extension Moments {
  /// The moments of a closure, by double-exponential quadrature.
  ///
  /// The substitution makes the integrand vanish doubly exponentially at both ends, so steps of 1/32
  /// give about twelve digits for a smooth K and a few for one with a jump inside its support. An
  /// integral that still grows at the far end is considered infinite.
  ///
  /// ## Source
  /// H. Takahasi and M. Mori, Double exponential formulas for numerical integration, Publications
  /// of the RIMS 9 (1974), doi:10.2977/prims/1195192451.
  init(of profile: (Double) -> Double, support: Double) {
    var mass = 0.0
    var square = 0.0
    var spread = 0.0
    var lastSpread = 0.0
    let step = 1.0 / 32
    for index in -128...128 {
      let t = Double(index) * step
      let inner = Double.pi / 2 * .sinh(t)
      let u: Double
      let derivative: Double
      if support.isFinite {
        // u runs through (0, support), the derivative vanishes at both ends.
        let fraction = 1 / (1 + .exp(-2 * inner))
        u = support * fraction
        derivative = support * 2 * fraction * (1 - fraction) * .pi / 2 * .cosh(t)
      } else {
        u = .exp(inner)
        derivative = u * .pi / 2 * .cosh(t)
      }
      let weight = derivative * step
      guard weight > 0, weight.isFinite, u < 0x1p300 else { continue }
      let value = profile(u)
      guard value > 0 else {
        lastSpread = 0
        continue
      }
      mass += 2 * weight * value
      square += 2 * weight * value * value
      lastSpread = 2 * weight * u * u * value
      spread += lastSpread
    }
    let spreadConverges = lastSpread <= 1e-6 * spread
    integral = mass
    roughness = square / (mass * mass)
    secondMoment = spreadConverges ? spread / mass : .infinity
  }
}
