internal import RealModule
internal import SimilarityKernels

/// A kernel that the cell transform supports, or its square: analytic around the real line, so that
/// polynomials of low degree approximate it between cells.
///
/// For moments about the query it is multiplied by a power of key minus query.
struct CellKernel: Sendable {
  enum Form: Sendable { case gaussian, logistic, cauchy }

  let form: Form
  let isSquared: Bool

  /// a: the kernel is (−u)ᵃ K(u), u = (q − k)/h.
  private(set) var power = 0

  private let kernel: Kernel

  /// Nil for a kernel that is not analytic or not a product over the inputs.
  init?(_ similarity: Similarity, isSquared: Bool = false) {
    guard case .builtIn(let builtIn) = similarity.kernel.form else { return nil }
    switch builtIn {
    case .gaussian: form = .gaussian
    case .logistic where similarity.isProduct: form = .logistic
    case .cauchy where similarity.isProduct: form = .cauchy
    default: return nil
    }
    self.isSquared = isSquared
    kernel = similarity.kernel
  }

  /// The same kernel with another power.
  func times(power: Int) -> CellKernel {
    var kernel = self
    kernel.power = power
    return kernel
  }

  /// (−u)ᵃ K(u), or K's square.
  func callAsFunction(_ u: Double) -> Double {
    let value = kernel.profile(u)
    return (0..<power).reduce(isSquared ? value * value : value) { product, _ in product * -u }
  }

  /// A distance beyond which K is at most `value`; infinite if that is too far for cells to be useful.
  func distance(downTo value: Double) -> Double {
    let value = isSquared ? Double.sqrt(value) : value
    return switch form {
    case .gaussian: gaussianDistance(downTo: value)
    case .logistic: .log(4) - .log(value)
    case .cauchy: .sqrt(1 / value - 1)
    }
  }

  /// The u beyond which uᵃ exp(−u²/2) is at most `value`: the fixed point of u² = 2(a ln u − ln value),
  /// from above.
  private func gaussianDistance(downTo value: Double) -> Double {
    let plain = -2 * Double.log(value)
    guard power > 0 else { return .sqrt(plain) }
    var distance = Double.sqrt(2 * max(plain, 1)) + 2 * Double(power)
    for _ in 0..<16 {
      distance = .sqrt(max(plain + 2 * Double(power) * .log(distance), Double(power)))
    }
    return distance * (1 + 1e-6)
  }

  /// ln of a bound on |K| over complex x + iy with |x| at least `least` and |y| at most `height`; nil
  /// if K has a pole there.
  func logBound(least: Double, height: Double) -> Double? {
    let bound: Double
    switch form {
    case .gaussian:
      bound = (height * height - least * least) / 2
    case .logistic:
      // |K(x + iy)| = 2/(cosh x + cos y), which has its first pole at iπ.
      guard height < .pi else { return nil }
      bound = .log(2) - .log(.cosh(min(least, 700)) + .cos(height))
    case .cauchy:
      // |1 + z²|² = (x² + (1 − y)²)(x² + (1 + y)²) is smallest at y² = 1 − x² or at an end.
      let x = least * least
      let modulus: Double
      if least >= 1 {
        modulus = 1 + x
      } else if height * height >= 1 - x {
        modulus = 2 * least
      } else {
        modulus = .sqrt((x + (1 - height) * (1 - height)) * (x + (1 + height) * (1 + height)))
      }
      guard modulus > 0 else { return nil }
      bound = -.log(modulus)
    }
    return isSquared ? 2 * bound : bound
  }
}
