internal import RealModule

/// How many powers are kept and how wide cells are, in bandwidths.
///
/// Wider cells need more powers. Over keys of even density the errors of all offsets, each at most
/// about ε₀ out to three bandwidths, add up to at most 2.4 d ε₀ Σw; the width is the largest for which
/// that is an eighth of what is asked for.
struct CellShape: Sendable {
  let terms: Int
  let ratio: Double

  static func candidates(
    _ kernel: CellKernel, dimension: Int, accuracy: Double
  ) -> [CellShape] {
    [8, 12, 16, 20, 24].compactMap { terms in
      func isGood(_ ratio: Double) -> Bool {
        2.4 * Double(dimension)
          * CellInterpolation.error(kernel, ratio: ratio, terms: terms, offset: 0)
          <= accuracy / 8
      }
      var (low, high) = (0.05, 2.2)
      guard isGood(low) else { return nil }
      if isGood(high) { return CellShape(terms: terms, ratio: high) }
      while high / low > 1.02 {
        let middle = Double.sqrt(low * high)
        if isGood(middle) { low = middle } else { high = middle }
      }
      return CellShape(terms: terms, ratio: low)
    }
  }
}
