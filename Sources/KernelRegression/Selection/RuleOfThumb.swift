internal import RealModule
package import SimilarityKernels

/// Bandwidths by the normal reference rule, see ``BandwidthMethod/ruleOfThumb``: one for each input.
///
/// - Throws: ``KernelRegressionError/Code/unsuitableMethod`` for a kernel without canonical bandwidth,
///   ``KernelRegressionError/Code/noFeasibleBandwidth`` where an input has the same value in all rows.
/// - Complexity: O(d·n log n).
package func ruleOfThumbBandwidths(
  keys: Points, observationWeights: [Double]? = nil, kernel: Kernel = .gaussian
) throws(KernelRegressionError) -> [Double] {
  let factor = try kernel.factorFromGaussian(for: .ruleOfThumb)
  let rows = keys.indices.filter { row in observationWeights.map { $0[row] > 0 } ?? true }
  guard rows.count > 1 else {
    throw KernelRegressionError(
      .tooFewKeys, "the rule of thumb needs at least two rows with weight, not \(rows.count)")
  }
  var bandwidths: [Double] = []
  for input in 0..<keys.dimension {
    let column = keys.column(input)
    let sorted = rows.map { column[$0] }.sorted()
    guard let spread = spread(ofSorted: sorted) else {
      throw KernelRegressionError(
        .noFeasibleBandwidth,
        "input \(input) is \(sorted[0]) in all rows, so the rule of thumb gives no bandwidth")
    }
    let shrinkage = Double.pow(Double(rows.count), -1 / Double(keys.dimension + 4))
    bandwidths.append(1.06 * spread * shrinkage * factor)
  }
  return bandwidths
}

/// min(s, IQR/1.349), or s where the quartiles coincide; nil where both are 0.
private func spread(ofSorted sorted: [Double]) -> Double? {
  let count = Double(sorted.count)
  let middle = sorted[sorted.count / 2]
  // Summed from the middle, so that keys far from 0 lose no digits.
  let mean = sorted.reduce(0) { $0 + ($1 - middle) } / count
  let largest = sorted.reduce(0) { max($0, ($1 - middle - mean).magnitude) }
  guard largest > 0 else { return nil }
  let squares = sorted.reduce(0) {
    let share = ($1 - middle - mean) / largest
    return $0 + share * share
  }
  let deviation = largest * .sqrt(squares / (count - 1))
  let range = quantile(sorted, 0.75) - quantile(sorted, 0.25)
  return range > 0 ? min(deviation, range / 1.349) : deviation
}

private func quantile(_ sorted: [Double], _ share: Double) -> Double {
  let place = share * Double(sorted.count - 1)
  let below = Int(place)
  guard below + 1 < sorted.count else { return sorted[below] }
  return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
}

extension Kernel {
  /// The factor from a Gaussian bandwidth to this kernel's.
  func factorFromGaussian(
    for method: BandwidthMethod
  ) throws(KernelRegressionError) -> Double {
    guard let factor = bandwidth(matching: 1, of: .gaussian) else {
      throw KernelRegressionError(
        .unsuitableMethod,
        "\(method.rawValue) gives no bandwidth for the \(name) kernel, which has no canonical bandwidth"
      )
    }
    return factor
  }
}
