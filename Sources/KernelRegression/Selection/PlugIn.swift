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

/// The direct plug-in bandwidth, see ``BandwidthMethod/plugIn``.
///
/// - Throws: ``KernelRegressionError`` with code `tooFewKeys` where there are fewer than six rows or
///   too few different keys for a quartic, `noFeasibleBandwidth` where the values lie on a line or a
///   curve without noise, `unsuitableMethod` for a kernel without canonical bandwidth.
/// - Complexity: O(n²).
package func plugInBandwidth(
  keys: [Double], values: [[Double]], kernel: Kernel = .gaussian,
  execution: Execution = Execution()
) throws(KernelRegressionError) -> Double {
  let factor = try kernel.factorFromGaussian(for: .plugIn)
  let order = keys.indices.sorted { keys[$0] < keys[$1] }
  let trim = keys.count / 100
  let inner = order.dropFirst(trim).dropLast(trim)
  let sorted = inner.map { keys[$0] }
  let columns = values.map { column in
    let largest = inner.reduce(0) { max($0, column[$1].magnitude) }
    return inner.map { largest > 0 ? column[$0] / largest : 0 }
  }
  guard sorted.count > 5, let first = sorted.first, let last = sorted.last, last > first else {
    throw tooFew(sorted.count)
  }
  // Keys are scaled to 0…1, so units do not affect the choice.
  let range = last - first
  let places = sorted.map { ($0 - first) / range }
  var (noise, curvature) = (0.0, 0.0)
  for column in columns {
    let mean = column.reduce(0, +) / Double(column.count)
    let variance =
      column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
    guard variance > 0 else { continue }
    let scaled = column.map { ($0 - mean) / variance.squareRoot() }
    let estimates = try stages(places, scaled, execution.unreported)
    noise += estimates.variance
    curvature += estimates.theta22
  }
  let bandwidth = Double.pow(
    noise / (2 * .sqrt(.pi) * curvature * Double(places.count)), 0.2)
  guard bandwidth.isFinite, bandwidth > 0 else { throw noCurve() }
  return bandwidth * range * factor
}

/// σ² and θ₂₂ of sorted keys from 0 to 1.
private func stages(
  _ keys: [Double], _ values: [Double], _ execution: Execution
) throws(KernelRegressionError) -> (variance: Double, theta22: Double) {
  let count = Double(keys.count)
  guard let quartics = BlockedQuartics(keys: keys, values: values) else {
    throw tooFew(keys.count)
  }
  guard quartics.theta24 != 0, quartics.variance > 0 else { throw noCurve() }
  let constant = quartics.theta24 < 0 ? 3 / (8 * .sqrt(Double.pi)) : 15 / (16 * .sqrt(.pi))
  let cubicBandwidth = Double.pow(
    constant * quartics.variance / (quartics.theta24.magnitude * count), 1.0 / 7)
  var theta22 = 0.0
  for key in keys where key >= 0.05 && key <= 0.95 {
    try execution.checkCancellation()
    guard let second = secondDerivative(at: key, keys, values, bandwidth: cubicBandwidth) else {
      throw tooFew(keys.count)
    }
    theta22 += second * second / count
  }
  guard theta22 > 0 else { throw noCurve() }
  let overlap = 0.5 + 2 * .sqrt(2) - 4.0 / 3 * .sqrt(3)
  let lineBandwidth = Double.pow(
    4 * overlap / .sqrt(2 * .pi) * quartics.variance * quartics.variance
      / (theta22 * count * theta22 * count), 1.0 / 9)
  return (try residualVariance(keys, values, bandwidth: lineBandwidth, execution), theta22)
}

/// The second derivative of a local cubic.
private func secondDerivative(
  at place: Double, _ keys: [Double], _ values: [Double], bandwidth: Double
) -> Double? {
  var solver = LeastSquares(degree: 3)
  for row in keys.indices {
    let u = (keys[row] - place) / bandwidth
    let weight = Double.exp(-0.5 * u * u)
    if weight > 1e-200 { solver.add(u, weight: weight, value: values[row]) }
  }
  return solver.coefficients().map { 2 * $0[2] / (bandwidth * bandwidth) }
}

/// Σ(v − v̂)²/(n − 2 tr(H) + tr(HHᵀ)) of local lines.
private func residualVariance(
  _ keys: [Double], _ values: [Double], bandwidth: Double, _ execution: Execution
) throws(KernelRegressionError) -> Double {
  let lines = try KernelSmoother(
    Sample(checked: Points(keys), [values], nil), Similarity(bandwidths: [bandwidth]), degree: 1,
    computation: Computation(execution.latched))
  var rows = [(square: Double, freedom: Double)](repeating: (0, 0), count: keys.count)
  rows.withUnsafeMutableBufferPointer { rows in
    nonisolated(unsafe) let rows = rows
    lines.forEachSmootherRow(at: lines.keys, execution: lines.execution) { row, weights in
      var (estimate, freedom) = (0.0, 1.0)
      for (key, weight) in weights {
        estimate += weight * values[key]
        freedom += weight * weight - (key == row ? 2 * weight : 0)
      }
      rows[row] = ((values[row] - estimate) * (values[row] - estimate), freedom)
    }
  }
  try lines.execution.checkCancellation()
  return rows.reduce(0) { $0 + $1.square } / rows.reduce(0) { $0 + $1.freedom }
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
