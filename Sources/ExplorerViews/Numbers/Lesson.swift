internal import Nadaraya

/// What a lesson depends on: the rows, not the bandwidths.
struct LessonKey: Hashable {
  let sample: ViewRows.Key

  init(_ view: View) { sample = ViewRows.Key(view) }
}

/// A similarity learned from a view's rows, over the inputs in the view's order.
struct Lesson: Sendable {
  let model: LearnedModel
  let report: LearningReport
  /// The number of rows it was learned from; in a large table not all.
  let rowCount: Int

  /// Learning from more rows than this would take longer than a person waits.
  static let mostRows = 5_000

  init(_ resolved: Resolved) throws {
    let sample = resolved.sample
    let rows = Self.rows(of: sample)
    rowCount = rows?.count ?? sample.count
    func taken(_ column: [Double]) -> [Double] { rows.map { $0.map { column[$0] } } ?? column }
    let execution = resolved.execution
    let dimension = sample.columns.count
    // A metric of one number is a bandwidth.
    var options = LearningOptions(form: dimension == 1 ? .bandwidth : .metric(rank: dimension))
    options.computation = Computation(execution)
    // In the view's order, as in the tool, so that both learn the same.
    let columns = sample.columns
    let learned = try LearnedModel.learn(
      Sample(
        keys: Points(columns: columns.map(taken)), values: [taken(sample.values)],
        weights: sample.weights.map(taken)),
      options: options)
    try execution.checkCancellation()
    report = learned.report
    // The similarity learned from some rows attends to all of them.
    model =
      rows == nil
      ? learned.model
      : try LearnedModel(
        learned.model.similarity,
        Sample(
          keys: Points(columns: columns), values: [sample.values], weights: sample.weights))
  }

  /// A choice of rows that depends on their numbers, not on their order; nil for all of them.
  private static func rows(of sample: ViewRows) -> [Int]? {
    guard sample.count > mostRows else { return nil }
    let order = RowOrder(keys: sample.points, values: [sample.values], weights: sample.weights)
    return Array(order.rows(seed: 0).prefix(mostRows))
  }
}
