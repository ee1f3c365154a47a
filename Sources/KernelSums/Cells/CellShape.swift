internal import RealModule

/// The number of powers kept and the width of cells in bandwidths.
///
/// Wider cells need more powers. For keys of even density, the certificates' bound (see
/// `CellTable+Certificates`) is Σw times
///
/// ```
/// d · Σε/ΣK · (Σa/ΣK)^(d−1)  +  2⁻⁴⁷ d · (ΣG/ΣK)^d
/// ```
///
/// with sums over the offsets of cells along one input, where ε is about ε₀ out to three bandwidths.
/// The width is the largest for which the sum of both is a quarter of the requested accuracy, half of
/// its limit.
struct CellShape: Sendable {
  let terms: Int
  let ratio: Double

  /// - Parameter degree: for moments about a query, p.
  static func candidates(
    _ kernel: CellKernel, dimension: Int, degree: Int = 0, accuracy: Double
  ) -> [CellShape] {
    [8, 12, 16, 20, 24].compactMap { terms in
      func isGood(_ ratio: Double) -> Bool {
        (degree == 0
          ? bound(kernel, dimension: dimension, ratio: ratio, terms: terms)
          : dimension == 1
            ? momentBound(degree: degree, ratio: ratio, terms: terms)
            : slopeBound(dimension: dimension, ratio: ratio, terms: terms))
          <= accuracy / 4
      }
      // Beyond the widest, the estimate of growth is not valid.
      var (low, high) = (0.05, kernel.form == .cauchy ? 1.0 : 2.0)
      guard isGood(low) else { return nil }
      if isGood(high) { return CellShape(terms: terms, ratio: high) }
      while high / low > 1.02 {
        let middle = Double.sqrt(low * high)
        if isGood(middle) { low = middle } else { high = middle }
      }
      return CellShape(terms: terms, ratio: low)
    }
  }

  private static func bound(
    _ kernel: CellKernel, dimension: Int, ratio: Double, terms: Int
  ) -> Double {
    let weights = 2.5 / ratio
    let inputs = Double(dimension)
    let error = CellInterpolation.errors(kernel, ratio: ratio, terms: terms, offsets: 0...0)[0]
    // The largest weights are those of the nearest points, a cell nearer than the centres; the
    // Gaussian's power series grows like exp((2s − 1)²b²/2) from offset to offset.
    let greatest = (2 + weights) / weights
    let growth = .exp(ratio * ratio) * (1 + weights) / weights
    return inputs * error * (1 + 6 / ratio) / weights * .pow(greatest, dimension - 1)
      + CellTable.rounding * inputs * .pow(growth, dimension)
  }

  /// The largest bound for a moment of the Gaussian, divided by the moment's approximate size.
  ///
  /// ```
  /// Σ|C_lk| ≤ exp(ratio²) exp(−v²/2) (v + 2 ratio)ᵃ,   v = ratio·(s − 1)
  /// ```
  private static func momentBound(degree: Int, ratio: Double, terms: Int) -> Double {
    let weights = 2.5 / ratio
    let offsets = 0...Int(6 / ratio) + 1
    return (0...2 * degree).reduce(0) { largest, power in
      let sum = offsets.reduce(0.0) { sum, offset in
        let nearest = Double(max(offset - 1, 0)) * ratio
        let growth =
          .exp(ratio * ratio - nearest * nearest / 2) * .pow(Double(offset + 1) * ratio, power)
        let error = CellInterpolation.momentBound(
          power, ratio: ratio, terms: terms, offset: offset)
        return sum + (offset == 0 ? 1 : 2) * (error + CellTable.rounding * growth)
      }
      return max(largest, sum / weights / CellKernel.momentSize([power]))
    }
  }

  /// The same for moments of orders 1 and 2 from slopes and curvatures, in several inputs.
  ///
  /// By the argument for ``momentBound(degree:ratio:terms:)``, Σ|C_lk| l!/(l − a)! (2/ratio)ᵃ is at most
  /// exp(ratio²) exp(−v²/2) times (v + 2 ratio)ᵃ, and 1 more for a = 2.
  private static func slopeBound(dimension: Int, ratio: Double, terms: Int) -> Double {
    let weights = 2.5 / ratio
    let inputs = Double(dimension)
    let greatest = (2 + weights) / weights
    let offsets = 0...Int(6 / ratio) + 1
    let growths = (0...2).map { power in
      offsets.reduce(0.0) { sum, offset in
        let nearest = Double(max(offset - 1, 0)) * ratio
        let factor = Double.pow(Double(offset + 1) * ratio, power) + (power == 2 ? 1 : 0)
        return sum
          + (offset == 0 ? 1 : 2) * .exp(ratio * ratio - nearest * nearest / 2) * factor
      } / weights
    }
    let errors = (0...2).map { power in
      CellInterpolation.slopeErrors(power, ratio: ratio, terms: terms, offsets: 0...0)[0]
        * (1 + 6 / ratio) / weights
    }
    return [[0, 0], [1, 0], [2, 0], [1, 1]].reduce(0) { largest, powers in
      let growth = powers.reduce(.pow(growths[0], dimension - 2)) { $0 * growths[$1] }
      let error = powers.reduce(0) { max($0, errors[$1]) } * inputs * .pow(greatest, dimension - 1)
      return max(
        largest,
        (error + CellTable.rounding * inputs * growth) / CellKernel.momentSize(powers))
    }
  }
}
