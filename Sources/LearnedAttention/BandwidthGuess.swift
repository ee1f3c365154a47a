internal import KernelRegression
internal import RealModule

extension PoolingLoss {
  /// What a loss over one number h > 0 is least at, among all h from a hundredth to ten times √D.
  ///
  /// A grid in log h finds the valley, of equal ones the widest, Brent's method its ground.
  ///
  /// - Complexity: some 35 values of the loss.
  func leastBandwidth(
    _ loss: (_ bandwidth: Double) -> Double
  ) throws(KernelRegressionError) -> (bandwidth: Double, value: Double) {
    let largest = 10 * Double.sqrt(Double(inputs.count))
    let factor = 1.5
    let count = Int((Double.log(largest / 0.01) / .log(factor)).rounded(.up)) + 1
    let bandwidths = (0..<count).map { largest * .pow(factor, -Double($0)) }
    let values = bandwidths.map(loss)
    var best = 0
    for index in values.indices where values[index] < values[best] { best = index }
    let wide = Double.log(bandwidths[max(best - 1, 0)])
    let narrow = Double.log(bandwidths[min(best + 1, count - 1)])
    let least = try brentMinimum(
      from: narrow, to: wide, startingAt: (.log(bandwidths[best]), values[best]), tolerance: 1e-4
    ) { (x) throws(KernelRegressionError) in loss(.exp(x)) }
    return (.exp(least.x), least.value)
  }
}
