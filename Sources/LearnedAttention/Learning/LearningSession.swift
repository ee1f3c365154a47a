internal import KernelRegression
internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// A table on its way to a learned similarity: standardised, shared out, learned from, judged.
struct LearningSession {
  let options: LearningOptions
  let expansion: InputExpansion
  let rows: LearningRows
  let variances: [Double]

  /// All rows with weight, in the order of training, stopping and test.
  private let table: LearningTable

  init(
    keys: Points, values: [[Double]], weights: [Double]?, levelCounts: [Int],
    rows: LearningRows, options: LearningOptions
  ) throws(KernelRegressionError) {
    let weights = weights.map(Self.inRange)
    self.rows = rows
    self.options = options
    let training = rows.training
    expansion = InputExpansion(
      keys: keys.selecting(training),
      weights: weights?.rows(training), levelCounts: levelCounts)
    let all = rows.training + rows.stopping + rows.test
    let moments = values.map { $0.rows(training).moments(weights: weights?.rows(training)) }
    variances = moments.map { $0.deviation * $0.deviation }
    table = LearningTable(
      inputs: try expansion.standardized(keys, called: "key").rows(all),
      values: zip(values, moments).compactMap { column, moments in
        guard moments.deviation > 0 else { return nil }
        return all.map { (column[$0] / 2 - moments.mean / 2) / (moments.deviation / 2) }
      },
      weights: weights?.rows(all))
  }

  /// Weights times a power of two that brings the largest near 2⁴⁰⁰.
  ///
  /// No ratio changes, and neither sums nor squares leave the range of doubles. None becomes 0; below
  /// 2⁻¹⁴⁷⁴ of the largest they are all that much.
  static func inRange(_ weights: [Double]) -> [Double] {
    let largest = weights.max() ?? 1
    guard largest > 0 else { return weights }
    // Of numbers smaller still the squares stay in range too.
    let exponent = 400 - max(Int(largest.exponent), -600)
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    return weights.map { $0 > 0 ? max($0 * factor, .leastNonzeroMagnitude) : 0 }
  }

  /// - Throws: if what is to be learned does not fit the table.
  static func validate(
    keys: Points, values: [[Double]], weights: [Double]?, levelCounts: [Int],
    options: LearningOptions
  ) throws(KernelRegressionError) {
    try Sample(keys: keys, values: values, weights: weights).requireWeight()
    let plain = try Self.plainExpansion(of: keys, levelCounts)
    switch options.form {
    case .bandwidth, .bandwidths: break
    case .metric(let rank), .projections(let rank):
      try LearnedSimilarity.validate(rank: rank, columns: plain.columnCount)
    }
  }

  /// Inputs as they are, which tells whether they are any.
  private static func plainExpansion(
    of keys: Points, _ levelCounts: [Int]
  ) throws(KernelRegressionError) -> InputExpansion {
    let continuous = keys.dimension - levelCounts.count
    guard continuous >= 0, levelCounts.allSatisfy({ $0 >= 1 }) else {
      throw KernelRegressionError(
        .dimensionMismatch,
        "there cannot be \(levelCounts.count) factors among \(keys.dimension) inputs, with "
          + "\(levelCounts.map { "\($0)" }.joined(separator: ", ")) levels")
    }
    let count = continuous + levelCounts.reduce(0, +)
    let plain = InputExpansion(
      centers: [Double](repeating: 0, count: count),
      scales: [Double](repeating: 1, count: count), levelCounts: levelCounts)
    _ = try plain.standardized(keys.selecting(0..<min(1, keys.count)), called: "key")
    try plain.validateLevels(of: keys, called: "key")
    return plain
  }

  /// The rows that train, stop and test; of a large table a part of the first.
  var training: LearningTable {
    table.rows(Array(0..<rows.training.count))
  }

  var stopping: LearningTable? {
    rows.stopping.isEmpty
      ? nil : table.rows(Array(rows.training.count..<rows.training.count + rows.stopping.count))
  }

  var test: LearningTable? {
    rows.test.isEmpty
      ? nil : table.rows(Array(rows.training.count + rows.stopping.count..<table.count))
  }

  var everything: LearningTable { table }

  /// What stands against learning anything: no value changes, or no input.
  var obstacle: String? {
    if table.values.isEmpty { return "No value varies among the training rows" }
    let changes = training.inputs.contains { column in column.contains { $0 != column[0] } }
    return changes ? nil : "No input varies among the training rows"
  }

  /// Some rows of a table, at random, in their order.
  func sample(_ count: Int, of table: LearningTable) -> LearningTable {
    guard table.count > count else { return table }
    var random = SplitMix(seed: options.seed ^ 0x5a3b1e)
    return table.rows(random.permutation(table.count).prefix(count).sorted())
  }
}
