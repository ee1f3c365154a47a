internal import KernelRegression

/// Which rows train, which decide when to stop, and which only the report uses.
struct LearningRows: Sendable, Equatable {
  let training: [Int]
  let stopping: [Int]
  let test: [Int]

  /// The fewest rows that can train, and the fewest of each held-out kind.
  static let leastTraining = 4
  static let leastHeldOut = 2

  /// A split of the rows with weight.
  ///
  /// Splits 0 and 1, 2 and 3, … hold out the same rows; one part stops and the other judges, alternately.
  /// After all of ``splitCount(_:heldOutShare:)`` every row has judged.
  ///
  /// - Parameters:
  ///   - order: the rows, in an order determined by their numbers.
  ///   - split: which of the splits.
  /// - Throws: if there are too few rows.
  init(
    order: [Int], heldOutShare: Double, split: Int = 0
  ) throws(KernelRegressionError) {
    let least = Self.leastTraining + (heldOutShare > 0 ? 2 * Self.leastHeldOut : 0)
    guard order.count >= least else {
      throw KernelRegressionError(
        .tooFewKeys,
        "\(order.count) \(order.count == 1 ? "row with weight is" : "rows with weight are") too few to "
          + "learn from: "
          + "at least \(least) are needed" + (heldOutShare > 0 ? " when some are held out" : ""))
    }
    let heldOut = Self.heldOutCount(order.count, heldOutShare: heldOutShare)
    let blocks = Self.splitCount(order.count, heldOutShare: heldOutShare) / 2
    let start = blocks == 0 ? 0 : split / 2 * order.count / blocks
    let turned = order[start...] + order[..<start]
    let first = turned.prefix(
      split.isMultiple(of: 2) ? heldOut / 2 : heldOut - heldOut / 2)
    let second = turned.prefix(heldOut).dropFirst(first.count)
    (stopping, test) =
      split.isMultiple(of: 2) ? (Array(first), Array(second)) : (Array(second), Array(first))
    training = Array(turned.dropFirst(heldOut))
  }

  private static func heldOutCount(_ count: Int, heldOutShare: Double) -> Int {
    heldOutShare > 0
      ? min(
        max(2 * leastHeldOut, Int((heldOutShare * Double(count)).rounded())),
        count - leastTraining) : 0
  }

  /// The number of splits after which every row has judged.
  static func splitCount(_ count: Int, heldOutShare: Double) -> Int {
    let heldOut = heldOutCount(count, heldOutShare: heldOutShare)
    return heldOut > 0 ? 2 * ((count + heldOut - 1) / heldOut) : 1
  }
}

extension LearningRows {
  /// The largest number of splits for a table of this many rows.
  private static func splitLimit(_ count: Int) -> Int {
    count <= 300 ? 30 : count <= 1000 ? 10 : 1
  }

  /// The splits used to learn from a table: for small tables whole rounds, in which each row judges once.
  static func splits(
    _ order: RowOrder, options: LearningOptions
  ) throws(KernelRegressionError) -> [LearningRows] {
    let rows = order.rows(seed: options.seed)
    let share = options.heldOutShare
    let first = try LearningRows(order: rows, heldOutShare: share)
    let round = splitCount(rows.count, heldOutShare: share)
    let limit = share > 0 ? splitLimit(rows.count) : 1
    let count = max(limit / round * round, min(limit, round))
    var splits = [first]
    var (turn, turned) = (0, rows)
    while splits.count < count {
      if splits.count / round > turn {
        turn = splits.count / round
        turned = order.rows(seed: options.seed ^ (UInt64(turn) << 32))
      }
      splits.append(
        try LearningRows(order: turned, heldOutShare: share, split: splits.count % round))
    }
    return splits
  }
}
