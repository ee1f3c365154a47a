internal import KernelRegression
internal import RealModule

/// A descent along the gradients of random batches of rows, each row pooling all others (Adam).
///
/// Steps shrink linearly to 0, so the end is an average of the last batches. The first step moves each
/// number by a fiftieth of their root mean square.
///
/// ## Source
/// D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR 2015,
/// doi:10.48550/arXiv.1412.6980, with its β₁ = 0.9 and β₂ = 0.999.
struct MinibatchDescent {
  private(set) var parameters: [Double]

  private let loss: PoolingLoss
  private let penalty: LearningRun.Penalty
  private let stepCount: Int
  /// How far the first step moves each number.
  let size: Double

  private var first: [Double]
  private var second: [Double]
  private var count = 0
  private var random: SplitMix
  private var order: [Int] = []

  /// The number of rows in a batch, if there are that many.
  static let batchLength = 512

  init(
    from start: [Double], loss: PoolingLoss, penalty: LearningRun.Penalty, stepCount: Int,
    seed: UInt64
  ) {
    parameters = start
    self.loss = loss
    self.penalty = penalty
    self.stepCount = stepCount
    size = 0.02 * start.length / Double.sqrt(Double(start.count))
    first = start.map { _ in 0 }
    second = first
    random = SplitMix(seed: seed)
  }

  /// Takes one step; returns the loss of its batch before the step.
  mutating func advance() -> Double {
    let length = min(Self.batchLength, loss.count)
    if order.count < length { order = random.permutation(loss.count) }
    let batch = order.suffix(length).sorted()
    order.removeLast(length)
    var (value, gradient) = loss.valueAndGradient(at: parameters, batch: batch)
    penalty.addGradient(at: parameters, to: &gradient)
    count += 1
    let rate = size * max(0, 1 - Double(count - 1) / Double(stepCount))
    let corrections = (1 - Double.pow(0.9, count), 1 - Double.pow(0.999, count))
    for index in parameters.indices {
      first[index] = 0.9 * first[index] + 0.1 * gradient[index]
      second[index] = 0.999 * second[index] + 0.001 * gradient[index] * gradient[index]
      let spread = Double.sqrt(second[index] / corrections.1)
      guard spread > 0 else { continue }
      parameters[index] -= rate * first[index] / corrections.0 / spread
    }
    return value
  }
}
