internal import RealModule
package import SimilarityKernels

/// Kernel sums in one input written out pair by pair in extended precision.
///
/// It shares no code with the engines. Compact kernels are taken of h − |q − k|, which keeps its
/// digits at the edge of a window.
package struct SumOracle {
  private let keys: [Double]
  private let columns: [[Double]]
  private let observationWeights: [Double]?
  private let kernel: String
  private let bandwidth: Double

  /// An oracle for keys of one input under a built-in kernel, boxcar to tricube, constant or
  /// laplacian.
  package init(
    keys: [Double], columns: [[Double]], observationWeights: [Double]?, kernel: Kernel,
    bandwidth: Double
  ) {
    self.keys = keys
    self.columns = columns
    self.observationWeights = observationWeights
    self.kernel = kernel.name
    self.bandwidth = bandwidth
  }

  /// The sums of one query.
  package struct Sums: Sendable {
    /// Σw.
    package var weight: Extended = 0
    /// Σw².
    package var squaredWeight: Extended = 0
    /// Σwc of each column.
    package var columns: [Extended]
    /// Σw|c| of each column.
    package var magnitudes: [Extended]
  }

  /// The sums at a query, without one key if that is asked for.
  package func sums(at query: Double, excluding excluded: Int? = nil) -> Sums {
    var sums = Sums(
      columns: columns.map { _ in 0 }, magnitudes: columns.map { _ in 0 })
    for index in keys.indices where index != excluded {
      let similarity = weight(Extended(query), Extended(keys[index]))
      guard similarity > 0 else { continue }
      let weight = similarity * Extended(observationWeights?[index] ?? 1)
      sums.weight += weight
      sums.squaredWeight += weight * weight
      for column in columns.indices {
        let term = weight * Extended(columns[column][index])
        sums.columns[column] += term
        sums.magnitudes[column] += term.magnitude
      }
    }
    return sums
  }

  private func weight(_ query: Extended, _ key: Extended) -> Extended {
    if kernel == "constant" { return 1 }
    let high = max(query, key)
    let low = min(query, key)
    let distance = high - low
    if kernel == "laplacian" { return .exp(-distance / Extended(bandwidth)) }
    // The rounding error of the distance decides at the very edge.
    let rounded = distance - high
    let error = (high - (distance - rounded)) - (low + rounded)
    let gap = ((Extended(bandwidth) - distance) - error) / Extended(bandwidth)
    guard gap > 0 else { return 0 }
    let inside = gap * (2 - gap)
    switch kernel {
    case "boxcar": return 1
    case "triangular": return gap
    case "epanechnikov": return inside
    case "biweight": return inside * inside
    case "triweight": return inside * inside * inside
    case "tricube":
      let factor = gap * (3 - 3 * gap + gap * gap)
      return factor * factor * factor
    default: preconditionFailure("the oracle knows no sums under \(kernel)")
    }
  }
}
