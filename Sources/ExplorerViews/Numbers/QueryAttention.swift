internal import Nadaraya

/// What one query attends to.
struct QueryAttention {
  let query: Points
  /// The weight of each key, NaN where none supports the query.
  let weights: [Double]
  let explanation: EstimateExplanation
  let estimate: Double
  let nearest: Double

  init(_ resolved: Resolved) throws {
    guard let place = resolved.view.query else {
      throw ExplorationError(
        .badRequest, "the parameter query is missing, and attention is that of a query",
        parameter: "query")
    }
    let estimator = try resolved.estimator()
    query = resolved.queries(at: [place])
    try resolved.execution.checkCancellation()
    weights = Array(try estimator.attentionWeights(at: query).column(0))
    try resolved.execution.checkCancellation()
    explanation = try estimator.explanation(ofQuery: 0, among: query, listing: 10)
    try resolved.execution.checkCancellation()
    let predictions = try estimator.predict(query, diagnostics: true)
    estimate = predictions.values[0]
    nearest = predictions.nearestDistances?[0] ?? .nan
  }
}
