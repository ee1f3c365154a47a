internal import RealModule

/// Quartics fitted by least squares to blocks of neighbouring rows: the rough first estimate of a curve
/// for a plug-in bandwidth.
///
/// The sorted rows are cut into N blocks of ⌊n/N⌋; the last takes the rest. N minimises Mallows'
///
/// ```
/// Cp(N) = RSS(N)(n − 5Nₘ)/RSS(Nₘ) − (n − 10N),     Nₘ = max(min(⌊n/20⌋, 5), 1)
/// ```
///
/// ## Source
/// D. Ruppert, S. J. Sheather and M. P. Wand, An effective bandwidth selector for local least squares
/// regression, Journal of the American Statistical Association 90 (1995), section 4,
/// doi:10.1080/01621459.1995.10476516.
struct BlockedQuartics {
  /// RSS/(n − 5N), an estimate of σ².
  let variance: Double

  /// Σ m″(kᵢ) m⁗(kᵢ)/n.
  let theta24: Double

  /// The fit to sorted keys, or nil if a block has too few different keys for its quartic.
  init?(keys: [Double], values: [Double]) {
    let count = keys.count
    let most = max(min(count / 20, 5), 1)
    guard count > 5 * most else { return nil }
    var fits: [(squares: Double, theta24: Double)] = []
    for blocks in 1...most {
      guard let fit = Self.fit(keys, values, blocks: blocks) else { return nil }
      fits.append(fit)
    }
    let scale = Double(count - 5 * most) / fits[most - 1].squares
    let penalized = (1...most).map { blocks in
      // A perfect fit gives 0/0; then fewer blocks are as good.
      let excess = fits[blocks - 1].squares > 0 ? fits[blocks - 1].squares * scale : 0
      return excess + Double(10 * blocks)
    }
    let best = penalized.indices.min { penalized[$0] < penalized[$1] } ?? 0
    variance = fits[best].squares / Double(count - 5 * (best + 1))
    theta24 = fits[best].theta24
  }

  private static func fit(
    _ keys: [Double], _ values: [Double], blocks: Int
  ) -> (squares: Double, theta24: Double)? {
    let size = keys.count / blocks
    var squares = 0.0
    var theta24 = 0.0
    for block in 0..<blocks {
      let rows = block * size..<(block == blocks - 1 ? keys.count : (block + 1) * size)
      let centre = (keys[rows.lowerBound] + keys[rows.upperBound - 1]) / 2
      let reach = (keys[rows.upperBound - 1] - keys[rows.lowerBound]) / 2
      guard reach > 0 else { return nil }
      // Keys between −1 and 1 keep the normal equations' digits.
      let places = rows.map { (keys[$0] - centre) / reach }
      var solver = LeastSquares(degree: 4)
      for (place, row) in zip(places, rows) {
        solver.add(place, weight: 1, value: values[row])
      }
      guard let a = solver.coefficients() else { return nil }
      for (u, row) in zip(places, rows) {
        let residual = values[row] - (a[0] + u * (a[1] + u * (a[2] + u * (a[3] + u * a[4]))))
        squares += residual * residual
        let second = (2 * a[2] + u * (6 * a[3] + u * 12 * a[4])) / (reach * reach)
        theta24 += second * 24 * a[4] / .pow(reach, 4)
      }
    }
    return (squares, theta24 / Double(keys.count))
  }
}
