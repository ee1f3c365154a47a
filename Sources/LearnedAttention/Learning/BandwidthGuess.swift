internal import KernelRegression
internal import RealModule

extension PoolingLoss {
  /// The single bandwidth with the least loss, from a hundredth to ten times √D.
  ///
  /// A grid in log h finds the valley (the widest of equal ones) from 500 rows among all; Brent's method
  /// finds its minimum from all rows.
  ///
  /// - Parameter tolerance: the tolerance in ln h; the loss is then within about its square of the least.
  /// - Precondition: the parametrisation has one bandwidth.
  /// - Complexity: about 15 values of the loss.
  func leastBandwidth(
    tolerance: Double
  ) throws(KernelRegressionError) -> (bandwidth: Double, value: Double) {
    let largest = 10 * Double.sqrt(Double(inputs.count))
    let factor = 1.5
    let count = Int((Double.log(largest / 0.01) / .log(factor)).rounded(.up)) + 1
    let bandwidths = (0..<count).map { largest * .pow(factor, -Double($0)) }
    let spacing = Double(self.count) / Double(min(self.count, 500))
    let judges = (0..<min(self.count, 500)).map { Int(Double($0) * spacing) }
    let values = bandwidths.map { value(at: [1 / $0], batch: judges) }
    var best = 0
    for index in values.indices where values[index] < values[best] { best = index }
    let middle = Double.log(bandwidths[best])
    let reach = 1.5 * Double.log(factor)
    let least = try brentMinimum(
      from: middle - reach, to: middle + reach,
      startingAt: (middle, value(at: [1 / bandwidths[best]])), tolerance: tolerance
    ) { (x) throws(KernelRegressionError) in value(at: [.exp(-x)]) }
    return (.exp(least.x), least.value)
  }
}
