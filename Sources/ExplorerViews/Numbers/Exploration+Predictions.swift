package import Nadaraya
internal import Wording

extension Exploration {
  /// The most queries of one question.
  package static var mostQueries: Int { 100_000 }

  /// Estimates at queries, with how well each is supported.
  ///
  /// - Parameters:
  ///   - view: The estimator; what it says of pictures has no part.
  ///   - queries: Shape `[m, d]`, m at most 100,000, the inputs in the order of the view's; finite.
  ///   - execution: Threads, instruction set, cancellation.
  /// - Throws: as ``fit(_:execution:)`` does, and ``ExplorationError`` for queries of another shape.
  /// - Complexity: that of a prediction at m queries with diagnostics.
  package func predictions(
    _ view: View, queries: [[Double]], execution: Execution
  ) throws -> PredictionsAnswer {
    guard queries.count <= Self.mostQueries else {
      throw ExplorationError(
        .badRequest, "there are \(queries.count) queries, more than \(Self.mostQueries)",
        parameter: "queries")
    }
    for (index, query) in queries.enumerated() {
      guard query.count == view.inputs.count else {
        throw ExplorationError(
          .badRequest,
          "query \(index) has \(counted(query.count, "number")) for "
            + counted(view.inputs.count, "input"), parameter: "queries")
      }
      if let wrong = query.first(where: { !($0.magnitude <= 0x1p1022) }) {
        throw ExplorationError(
          .badRequest,
          "query \(index) holds \(wrong), which is "
            + (wrong.isFinite ? "beyond 4e307" : "not a number"), parameter: "queries")
      }
    }
    let resolved = try resolved(view, execution)
    let points = Points(
      rowMajor: queries.flatMap { resolved.sample.pictureOrder($0) }, dimension: view.inputs.count)
    let predictions = try resolved.estimator().predict(at: .points(points), diagnostics: true)
    return PredictionsAnswer(
      view: resolved.parameters, estimates: JSONNumbers(predictions.values),
      effectiveSampleSizes: JSONNumbers(predictions.effectiveSampleSizes ?? []),
      nearest: JSONNumbers(predictions.nearestDistances ?? []),
      emptyQueries: predictions.emptyWindows)
  }
}
