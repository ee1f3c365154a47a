internal import Nadaraya

/// What a lesson depends on: the rows, not the bandwidths.
struct LessonKey: Hashable {
  let sample: Sample.Key

  init(_ view: View) { sample = Sample.Key(view) }
}

/// A similarity learned from a view's rows.
struct Lesson: Sendable {
  let model: LearnedModel
  let report: LearningReport
  /// How many rows it was learned from; fewer than there are in a large table.
  let rowCount: Int

  /// More rows than these would take longer than a person waits.
  static let mostRows = 5_000

  init(_ resolved: Resolved) throws {
    let sample = resolved.sample
    let rows = Self.rows(of: sample.count)
    rowCount = rows?.count ?? sample.count
    func taken(_ column: [Double]) -> [Double] { rows.map { $0.map { column[$0] } } ?? column }
    let execution = resolved.execution
    let dimension = sample.columns.count
    let options = LearningOptions(
      // Of one number a metric is a bandwidth.
      form: dimension == 1 ? .bandwidth : .metric(rank: dimension), execution: execution)
    let columns = sample.pictureOrder(sample.columns)
    let (learned, report) = try LearnedModel.learn(
      keys: Points(columns: columns.map(taken)), values: [taken(sample.values)],
      observationWeights: sample.weights.map(taken), options: options)
    try execution.checkCancellation()
    self.report = report
    // What was learned from some rows attends to all of them.
    model =
      rows == nil
      ? learned
      : try LearnedModel(
        similarity: learned.similarity, keys: sample.points, values: [sample.values],
        observationWeights: sample.weights)
  }

  /// A choice of rows, the same in every run; nil for all of them.
  private static func rows(of count: Int) -> [Int]? {
    guard count > mostRows else { return nil }
    var random = SplitMix(seed: 0)
    var chosen: [Int] = []
    for row in 0..<count {
      let wanted = mostRows - chosen.count
      if Int.random(in: 0..<(count - row), using: &random) < wanted { chosen.append(row) }
    }
    return chosen
  }
}
