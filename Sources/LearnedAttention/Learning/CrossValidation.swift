/// What rows say that did not train, over several splits of a table.
///
/// A row that is judged in several splits counts by the mean of its errors, so that the errors of different
/// rows are what chance is told from.
struct CrossValidation {
  private let weights: [Double]?
  /// The rows in an order that is not that of the table.
  private let order: [Int]
  private var stopping: RowErrors
  private var test: RowErrors
  private var gains: [Double] = []
  private var noise: [Double] = []

  /// For each split the errors of its test rows.
  private(set) var splits: [(learned: Double, unlearned: Double)] = []

  /// - Parameters:
  ///   - weights: ω of the rows of the table; nil for ones.
  ///   - count: the number of its rows.
  ///   - rows: a split of those with weight.
  init(weights: [Double]?, count: Int, _ rows: LearningRows) {
    self.weights = weights
    order = rows.stopping + rows.test + rows.training
    stopping = RowErrors(count: count)
    test = RowErrors(count: count)
  }

  /// Adds what came of a split.
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

  /// Whether the rows that did not train prefer what was learned by more than two standard errors of the
  /// difference, or by more than one where the loss has fallen by twice what as many numbers fit of noise;
  /// without such rows, whether the loss has fallen.
  ///
  /// Of a single split the stopping rows decide. Each descent ends where its own stopping rows like it best,
  /// which many splits add up to a preference out of nothing, so of several the test rows decide. Least squares with p numbers takes a share of p/n of noise. The error of few stopping rows is so noisy
  /// that by itself it would refuse most of what is worth learning.
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

  /// The errors of the test rows: of what is kept, and of one bandwidth.
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

/// Squared errors by row, each the sum over the splits that looked at the row.
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

  /// The mean errors of the rows that were looked at; nil if there are none.
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
