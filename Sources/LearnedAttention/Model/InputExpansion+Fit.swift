internal import KernelRegression
internal import RealModule
internal import SimilarityKernels

extension InputExpansion {
  /// Means and standard deviations of some keys, under their weights.
  ///
  /// The columns of a factor are divided by one number, √(1 − Σp²) with p the share of each level: two
  /// random rows then differ on average as much as in a continuous input. Inputs that do not vary keep
  /// their scale.
  ///
  /// - Parameter weights: n positive numbers; nil if all are 1.
  /// - Complexity: O(n·D).
  init(keys: Points, weights: [Double]?, levelCounts: [Int]) {
    var centers: [Double] = []
    var scales: [Double] = []
    let continuous = keys.dimension - levelCounts.count
    for input in 0..<continuous {
      let (center, deviation) = keys.column(input).moments(weights: weights)
      centers.append(center)
      scales.append(deviation > 0 ? deviation : 1)
    }
    for (factor, levelCount) in levelCounts.enumerated() {
      let levels = keys.column(continuous + factor)
      var shares = [Double](repeating: 0, count: levelCount)
      for (row, level) in levels.enumerated() { shares[Int(level)] += weights?[row] ?? 1 }
      let total = shares.reduce(0, +)
      shares = shares.map { $0 / total }
      let spread = 1 - shares.reduce(0) { $0 + $1 * $1 }
      centers += shares
      scales += shares.map { _ in spread > 1e-12 ? .sqrt(spread) : 1 }
    }
    self.init(centers: centers, scales: scales, levelCounts: levelCounts)
  }
}

extension [Double] {
  /// The mean and the standard deviation (divisor n) under positive weights; the deviation is 0 if all
  /// are equal or their differences are lost in the rounding of the mean.
  ///
  /// Differences from the first number keep the digits of numbers far from 0, and a power of two keeps
  /// their squares in range.
  func moments(weights: [Double]?) -> (mean: Double, deviation: Double) {
    guard let first else { return (0, 0) }
    let half = first / 2
    let reach = reduce(0) { Swift.max($0, ($1 / 2 - half).magnitude) }
    guard reach > 0 else { return (first, 0) }
    let unit = Double(sign: .plus, exponent: Swift.max(reach.exponent, -1021), significand: 1)
    var (total, sum) = (0.0, 0.0)
    for index in indices {
      let weight = weights?[index] ?? 1
      total += weight
      sum += weight * ((self[index] / 2 - half) / unit)
    }
    let mean = sum / total
    var squares = 0.0
    for index in indices {
      let difference = (self[index] / 2 - half) / unit - mean
      squares += (weights?[index] ?? 1) * difference * difference
    }
    return (2 * (half + mean * unit), 2 * Double.sqrt(squares / total) * unit)
  }
}
