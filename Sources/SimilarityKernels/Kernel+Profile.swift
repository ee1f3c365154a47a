internal import RealModule

extension Kernel {
  /// K(u), the similarity at scaled distance u.
  ///
  /// Compact kernels are 0 at abs(u) = 1 exactly.
  ///
  /// ## Accuracy
  /// Compact kernels: a few units in the last place, even near the edge of the support. Decaying
  /// kernels: that times 1 + abs(ln K), since the exponent magnifies the rounding of u by as much.
  public func profile(_ u: Double) -> Double {
    let distance = abs(u)
    switch form {
    case .closure(let closure):
      return distance < closure.support ? closure.profile(u) : 0
    case .builtIn(let kernel):
      guard distance < support else { return 0 }
      let inside = (1 - distance) * (1 + distance)
      switch kernel {
      case .gaussian: return .exp(-0.5 * u * u)
      case .boxcar, .constant: return 1
      case .triangular: return 1 - distance
      case .epanechnikov: return inside
      case .biweight: return inside * inside
      case .triweight: return inside * inside * inside
      case .tricube:
        let factor = (1 - distance) * (1 + distance + distance * distance)
        return factor * factor * factor
      case .cosine: return .sin((1 - distance) * .pi / 2)
      case .laplacian: return .exp(-distance)
      case .logistic:
        let decay = Double.exp(-distance)
        return 4 * decay / ((1 + decay) * (1 + decay))
      case .cauchy: return 1 / (1 + u * u)
      }
    }
  }

  /// ln K(u) for a kernel of infinite support; nil for compact kernels and for a closure given without
  /// its logarithm.
  ///
  /// It stays finite where K(u) itself rounds to 0, which makes estimates far from all keys possible.
  public func logProfile(_ u: Double) -> Double? {
    switch form {
    case .closure(let closure):
      guard let logProfile = closure.logProfile else { return nil }
      return abs(u) < closure.support ? logProfile(u) : -.infinity
    case .builtIn(let kernel):
      let distance = abs(u)
      switch kernel {
      case .gaussian: return -0.5 * u * u
      case .constant: return 0
      case .laplacian: return -distance
      case .logistic: return 2 * (.log(2) - .log(onePlus: .exp(-distance))) - distance
      case .cauchy: return distance < 0x1p500 ? -.log(onePlus: u * u) : -2 * .log(distance)
      case .boxcar, .triangular, .epanechnikov, .biweight, .triweight, .tricube, .cosine:
        return nil
      }
    }
  }

  /// The distance from which K is 0: 1 for the compact kernels, infinite for the others.
  public var support: Double {
    switch form {
    case .closure(let closure): closure.support
    case .builtIn(let kernel):
      switch kernel {
      case .gaussian, .constant, .laplacian, .logistic, .cauchy: .infinity
      default: 1
      }
    }
  }

  /// Whether ln K is known; if so, sums can be anchored at the largest log-weight.
  package var hasLogProfile: Bool { logProfile(0) != nil }
}
