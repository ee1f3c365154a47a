internal import KernelRegression
internal import KernelSums
internal import RealModule
internal import SimilarityKernels

/// A table from which a similarity is learned: standardised, split, learned from, judged.
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
  /// Ratios do not change, and sums and squares do not overflow. No weight becomes 0; any below 2⁻¹⁴⁷⁴ of
  /// the largest becomes exactly that.
  static func inRange(_ weights: [Double]) -> [Double] {
    let largest = weights.max() ?? 1
    guard largest > 0 else { return weights }
    // The squares of even smaller numbers stay in range too.
    let exponent = 400 - max(Int(largest.exponent), -600)
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    return weights.map { $0 > 0 ? max($0 * factor, .leastNonzeroMagnitude) : 0 }
  }

  /// - Throws: if the options do not fit the table.
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

  /// Unchanged inputs, to check that they are valid.
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

  /// The rows that train, stop and test; in a large table only a part of the training rows.
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

  /// Why nothing can be learned: no value varies, or no input does.
  var obstacle: String? {
    if table.values.isEmpty { return "No value varies among the training rows" }
    let changes = training.inputs.contains { column in column.contains { $0 != column[0] } }
    return changes ? nil : "No input varies among the training rows"
  }

  /// A random sample of a table's rows, in their order.
  func sample(_ count: Int, of table: LearningTable) -> LearningTable {
    guard table.count > count else { return table }
    var random = SplitMix(seed: options.seed ^ 0x5a3b1e)
    return table.rows(random.permutation(table.count).prefix(count).sorted())
  }
}
