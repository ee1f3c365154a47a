/// The evidence of rows that did not train, over several splits of a table.
///
/// A row judged in several splits counts by the mean of its errors, so that the spread between rows
/// measures chance.
struct CrossValidation {
  private let weights: [Double]?
  /// The rows, in an order independent of the table's.
  private let order: [Int]
  private var stopping: RowErrors
  private var test: RowErrors
  private var gains: [Double] = []
  private var noise: [Double] = []

  /// For each split the errors of its test rows.
  private(set) var splits: [(learned: Double, unlearned: Double)] = []

  /// - Parameters:
  ///   - weights: ω of the rows of the table; nil if all are 1.
  ///   - count: the number of its rows.
  ///   - rows: a split of the rows with weight.
  init(weights: [Double]?, count: Int, _ rows: LearningRows) {
    self.weights = weights
    order = rows.stopping + rows.test + rows.training
    stopping = RowErrors(count: count)
    test = RowErrors(count: count)
  }

  /// Adds the outcome of a split.
  mutating func add(_ attempt: LearningAttempt) {
    let rows = attempt.session.rows
    if let (learned, unlearned) = attempt.stoppingErrors {
      stopping.add(learned, unlearned, of: rows.stopping)
    }
    if let (learned, unlearned) = attempt.testErrors {
      test.add(learned, unlearned, of: rows.test)
      splits.append((learned.mean, unlearned.mean))
    }
    let (learned, unlearned) = (attempt.learner.best, attempt.learner.unlearned)
    gains.append(unlearned.loss > 0 ? 1 - learned.loss / unlearned.loss : 0)
    noise.append(Double(learned.parameters.count) / Double(rows.training.count))
  }

  /// Whether the rows that did not train prefer the learned similarity by more than two standard errors
  /// of the difference, or by more than one if the loss has fallen by twice what the same number of
  /// parameters would fit of noise; without such rows, whether the loss has fallen.
  ///
  /// With a single split the stopping rows decide. Each descent ends where its own stopping rows prefer
  /// it, and over many splits this adds up to a preference without cause, so with several splits the test
  /// rows decide. Least squares with p numbers fits a share p/n of noise. The error of a few stopping
  /// rows is so noisy that alone it would reject most of what is worth learning.
  var isConvincing: Bool {
    let judges = splits.count > 1 ? test : stopping
    guard let (learned, unlearned) = judges.means(order, weights: weights) else {
      return gains.contains { $0 > 0 }
    }
    let isSteep = Self.mean(gains) > Self.greatestShareOfNoise * Self.mean(noise)
    return unlearned.mean - learned.mean
      > (isSteep ? 1 : 2) * learned.standardError(ofDifferenceTo: unlearned)
  }

  private static var greatestShareOfNoise: Double { 2 }

  /// The errors of the test rows: with the similarity that is kept, and with one bandwidth.
  func heldOut(
    isLearned: Bool
  ) -> (learned: Double, unlearned: Double, differenceError: Double)? {
    guard let (learned, unlearned) = test.means(order, weights: weights) else { return nil }
    return isLearned
      ? (learned.mean, unlearned.mean, learned.standardError(ofDifferenceTo: unlearned))
      : (unlearned.mean, unlearned.mean, 0)
  }

  private static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(max(numbers.count, 1))
  }
}

/// Squared errors by row, each the sum over the splits that judged the row.
private struct RowErrors {
  private var learned: [Double]
  private var unlearned: [Double]
  private var counts: [Int]

  init(count: Int) {
    learned = [Double](repeating: 0, count: count)
    unlearned = learned
    counts = [Int](repeating: 0, count: count)
  }

  mutating func add(_ one: HeldOutErrors, _ other: HeldOutErrors, of rows: [Int]) {
    for (slot, row) in rows.enumerated() {
      learned[row] += one.squares[slot]
      unlearned[row] += other.squares[slot]
      counts[row] += 1
    }
  }

  /// The mean errors of the judged rows; nil if there are none.
  func means(
    _ order: [Int], weights: [Double]?
  ) -> (learned: HeldOutErrors, unlearned: HeldOutErrors)? {
    let rows = order.filter { counts[$0] > 0 }
    guard !rows.isEmpty else { return nil }
    func errors(_ sums: [Double]) -> HeldOutErrors {
      HeldOutErrors(
        squares: rows.map { sums[$0] / Double(counts[$0]) }, weights: weights?.rows(rows))
    }
    return (errors(learned), errors(unlearned))
  }
}
