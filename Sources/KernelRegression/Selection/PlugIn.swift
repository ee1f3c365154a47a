package import KernelSums
internal import RealModule
package import SimilarityKernels

// The direct plug-in bandwidth.
//
// A local linear fit with the Gaussian of bandwidth h has, over the range L of the keys, the mean
// squared error
//
//     σ²L/(2√π n h) + h⁴θ₂₂/4,     θ₂₂ the mean of m″²,
//
// which is least at h = (σ²L/(2√π n θ₂₂))^(1/5). σ² and θ₂₂ are estimated in two stages.
//
// 1. Quartics over blocks (`BlockedQuartics`) give σ̂² and θ̂₂₄, the mean of m″m⁗.
// 2. θ₂₂ is the mean of m̂″² over the keys in the inner nine tenths of the range, m̂″ from local cubics
//    with the best bandwidth for it,
//        g = (c σ̂²L/(|θ̂₂₄| n))^(1/7),     c = 3/(8√π) where θ̂₂₄ < 0, 15/(16√π) where θ̂₂₄ > 0.
// 3. σ² is the residual sum of squares of local lines with bandwidth
//        λ = (4C/√(2π) · σ̂⁴L/(θ̂₂₂n)²)^(1/9),     C = 1/2 + 2√2 − (4/3)√3,
//    over its degrees of freedom n − 2 tr(H) + tr(HHᵀ).
//
// KernSmooth's dpill does the same on data binned to 401 places; here the rows themselves are used. As in
// dpill, a hundredth of the rows at each end of the keys is left out first. With several value columns
// the errors are added, each divided by its column's variance.
//
// All of it comes from sums that engines find in near-linear time. Rows that share a key are one key
// with their mean, as heavy as they are many: every fit is the same. With S = Σw(1, u)(1, u)ᵀ and
// x = S⁻¹e₀, row j has the weight ℓⱼ = K(uⱼ)(x₀ + x₁uⱼ) in the line at key i, so Hᵢᵢ = x₀ and
//
//     Σⱼ ℓⱼ² = x₀²Q₀ + 2x₀x₁Q₁ + x₁²Q₂,     Qₖ = Σ K(u)²uᵏ.
//
// The square of a Gaussian is the Gaussian of bandwidth h/√2, so the Q are moments of that. Where moments
// would lose digits, the keys in reach are visited one by one.

/// The direct plug-in bandwidth, see ``BandwidthMethod/plugIn``.
///
/// - Throws: ``KernelRegressionError`` with code `tooFewKeys` where there are fewer than six rows or
///   too few different keys for a quartic, `noFeasibleBandwidth` where the values lie on a line or a
///   curve without noise, `unsuitableMethod` for a kernel without canonical bandwidth.
/// - Complexity: that of sorting the rows and of three predictions at all keys for each value column, O(n)
///   with cells; O(n) more for each key at which moments would lose digits.
package func plugInBandwidth(
  keys: [Double], values: [[Double]], kernel: Kernel = .gaussian,
  execution: Execution = Execution()
) throws(KernelRegressionError) -> Double {
  let factor = try kernel.factorFromGaussian(for: .plugIn)
  let trim = keys.count / 100
  let inner = keys.ascendingPlaces(execution: execution).dropFirst(trim).dropLast(trim)
  try execution.checkCancellation()
  guard inner.count > 5, let first = inner.first.map({ keys[$0] }),
    let last = inner.last.map({ keys[$0] }), last > first
  else { throw tooFew(inner.count) }
  // Keys are scaled to 0…1, so units do not affect the choice.
  let range = last - first
  let rows = PlugInRows(ascending: inner.map { (keys[$0] - first) / range })
  var (noise, curvature) = (0.0, 0.0)
  for column in values {
    let largest = inner.reduce(0) { max($0, column[$1].magnitude) }
    guard largest > 0, let scaled = standardized(inner.map { column[$0] / largest }) else {
      continue
    }
    let estimates = try stages(rows, scaled, execution.unreported)
    noise += estimates.variance
    curvature += estimates.theta22
  }
  let bandwidth = Double.pow(
    noise / (2 * .sqrt(.pi) * curvature * Double(rows.count)), 0.2)
  guard bandwidth.isFinite, bandwidth > 0 else { throw noCurve() }
  return bandwidth * range * factor
}

/// A column minus its mean and divided by its standard deviation; nil if that is 0.
private func standardized(_ column: [Double]) -> [Double]? {
  let count = Double(column.count)
  let mean = column.reduce(0, +) / count
  let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  guard variance > 0 else { return nil }
  let deviation = variance.squareRoot()
  return column.map { ($0 - mean) / deviation }
}

/// σ² and θ₂₂ of sorted keys from 0 to 1.
private func stages(
  _ rows: PlugInRows, _ values: [Double], _ execution: Execution
) throws(KernelRegressionError) -> (variance: Double, theta22: Double) {
  let count = Double(rows.count)
  let blocked = BlockedQuartics(keys: rows.places, values: values, execution: execution)
  try execution.checkCancellation()
  guard let quartics = blocked else { throw tooFew(rows.count) }
  guard quartics.theta24 != 0, quartics.variance > 0 else { throw noCurve() }
  let constant = quartics.theta24 < 0 ? 3 / (8 * .sqrt(Double.pi)) : 15 / (16 * .sqrt(.pi))
  let cubicBandwidth = Double.pow(
    constant * quartics.variance / (quartics.theta24.magnitude * count), 1.0 / 7)
  let grouped = rows.grouped(values)
  guard
    let squares = try rows.curvature(grouped.means, bandwidth: cubicBandwidth, execution.latched)
  else { throw tooFew(rows.count) }
  let theta22 = squares / count
  guard theta22 > 0 else { throw noCurve() }
  let overlap = 0.5 + 2 * .sqrt(2) - 4.0 / 3 * .sqrt(3)
  let lineBandwidth = Double.pow(
    4 * overlap / .sqrt(2 * .pi) * quartics.variance * quartics.variance
      / (theta22 * count * theta22 * count), 1.0 / 9)
  let residuals = try rows.residuals(grouped.means, bandwidth: lineBandwidth, execution.latched)
  return ((grouped.within + residuals.squares) / residuals.freedom, theta22)
}

private func tooFew(_ rows: Int) -> KernelRegressionError {
  KernelRegressionError(
    .tooFewKeys, "plug-in fits quartics, which need more different keys than the \(rows) rows have")
}

private func noCurve() -> KernelRegressionError {
  KernelRegressionError(
    .noFeasibleBandwidth,
    "plug-in gives no bandwidth for values without noise or curvature")
}
