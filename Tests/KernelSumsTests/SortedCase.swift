import KernelSums
import RealModule
import SimilarityKernels
import _TestSupport

/// Keys in one input with columns and weights, for the engines over sorted keys.
struct SortedCase: Sendable {
  var keys: [Double]
  var columns: [[Double]]
  var observationWeights: [Double]?

  /// How keys lie.
  enum Layout: String, CaseIterable, Sendable {
    case uniform, ties, lattice, heavyTailed, clusters
  }

  /// Two columns: one of both signs, one that is positive and spans six orders of magnitude.
  init(_ layout: Layout, count: Int, weighted: Bool, seed: UInt64 = 17) {
    var random = SplitMix64(seed: seed)
    keys = (0..<count).map { index in
      let u = random.uniform()
      switch layout {
      case .uniform: return u
      case .ties: return (u * 40).rounded(.down) / 40
      case .lattice: return Double(index * 7919 % count) / Double(count)
      case .heavyTailed: return (u - 0.5) / Double.pow(random.uniform() + 1e-9, 1.5)
      case .clusters: return (u * 5).rounded(.down) / 4 + 1e-3 * random.uniform()
      }
    }
    columns = [
      (0..<count).map { _ in 4 * random.uniform() - 2 },
      (0..<count).map { _ in Double.exp(14 * random.uniform()) },
    ]
    observationWeights =
      weighted
      ? (0..<count).map { $0 % 7 == 3 ? 0 : random.uniform() + 0.01 } : nil
  }

  init(keys: [Double], columns: [[Double]], observationWeights: [Double]? = nil) {
    self.keys = keys
    self.columns = columns
    self.observationWeights = observationWeights
  }

  func problem(_ kernel: Kernel, _ bandwidth: Double) -> KernelSumProblem {
    KernelSumProblem(
      keys: Points(keys), columns: columns, observationWeights: observationWeights,
      similarity: Similarity(kernel, bandwidths: [bandwidth]))
  }

  /// Places among the keys, at keys, at a bandwidth from keys, and outside.
  func queries(_ count: Int, bandwidth: Double) -> [Double] {
    var random = SplitMix64(seed: 23)
    return (0..<count).map { index in
      let key = keys[Int(random.next() % UInt64(keys.count))]
      switch index % 5 {
      case 0: return key
      case 1: return key + bandwidth
      case 2: return key - bandwidth * (1 - 1e-9 * random.uniform())
      default: return key + bandwidth * (4 * random.uniform() - 2)
      }
    }
  }

  /// By how much an engine's sums differ from the oracle's at most: Σw relative to itself, Σwc to
  /// Σw|c|, Σw² to itself; a query without support must have weight 0.
  func deviation(
    _ engine: some KernelSumEngine, _ kernel: Kernel, _ bandwidth: Double, at queries: [Double],
    omission: Omission = .none, execution: Execution = Execution()
  ) -> (sums: Double, squares: Double) {
    let oracle = SumOracle(
      keys: keys, columns: columns, observationWeights: observationWeights, kernel: kernel,
      bandwidth: bandwidth)
    // Without squares, queries may be summed together.
    let (sums, plain) = (
      engine.sums(at: Points(queries), omission: omission, squares: true, execution: execution),
      engine.sums(at: Points(queries), omission: omission, squares: false, execution: execution)
    )
    var worst = (sums: 0.0, squares: 0.0)
    for (index, query) in queries.enumerated() {
      let exact = oracle.sums(at: query, excluding: omission == .own ? index : nil)
      guard exact.weight > 0 else {
        for entry in [sums[index], plain[index]]
        where entry.weight != 0 || entry.logAnchor != -.infinity {
          return (.infinity, .infinity)
        }
        continue
      }
      func deviation(_ actual: Double, _ scale: Extended, _ exact: Extended, _ of: Extended)
        -> Double
      {
        // A column without values has sums of exactly 0.
        let difference = (Extended(actual) * scale - exact).magnitude
        return difference == 0 ? 0 : Double(difference / of)
      }
      for entry in [sums[index], plain[index]] {
        let scale = Extended.exp(Extended(entry.logAnchor))
        worst.sums = max(worst.sums, deviation(entry.weight, scale, exact.weight, exact.weight))
        for (column, value) in entry.columns.enumerated() {
          worst.sums = max(
            worst.sums,
            deviation(value, scale, exact.columns[column], exact.magnitudes[column]))
        }
      }
      let scale = Extended.exp(Extended(sums[index].logAnchor))
      worst.squares = max(
        worst.squares,
        deviation(
          sums[index].squaredWeight, scale * scale, exact.squaredWeight, exact.squaredWeight))
    }
    return worst
  }
}
