internal import KernelRegression

/// Which rows train, which say when to stop, and which only the report looks at.
struct LearningRows: Sendable, Equatable {
  let training: [Int]
  let stopping: [Int]
  let test: [Int]

  /// The fewest rows that can train, and of each kind that is held out.
  static let leastTraining = 4
  static let leastHeldOut = 2

  /// The rows of weight above 0, shared out at random.
  ///
  /// - Throws: if there are too few.
  init(
    weights: [Double]?, count: Int, heldOutShare: Double, seed: UInt64
  ) throws(KernelRegressionError) {
    var random = SplitMix(seed: seed)
    let order = random.permutation(count).filter { (weights?[$0] ?? 1) > 0 }
    let least = Self.leastTraining + (heldOutShare > 0 ? 2 * Self.leastHeldOut : 0)
    guard order.count >= least else {
      throw KernelRegressionError(
        .tooFewKeys,
        "\(order.count) \(order.count == 1 ? "row with weight is" : "rows with weight are") too few to "
          + "learn from: "
          + "there must be \(least)" + (heldOutShare > 0 ? " where some are held out" : ""))
    }
    let heldOut =
      heldOutShare > 0
      ? min(
        max(2 * Self.leastHeldOut, Int((heldOutShare * Double(order.count)).rounded())),
        order.count - Self.leastTraining) : 0
    stopping = order.prefix(heldOut / 2).sorted()
    test = order.prefix(heldOut).dropFirst(heldOut / 2).sorted()
    training = order.dropFirst(heldOut).sorted()
  }
}
