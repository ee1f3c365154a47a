internal import Nadaraya

/// What one query attends to.
struct QueryAttention {
  /// A key with its contribution to the estimate.
  struct Term {
    let key: Int
    let weight: Double
    let contribution: Double
  }

  let query: Points
  /// The weight of each key; NaN if none supports the query.
  let weights: [Double]
  /// The keys with the largest influence.
  let terms: [Term]
  /// The number of other keys with any weight.
  let otherCount: Int
  /// The sum of their weights.
  let otherWeight: Double
  let entropy: Double
  let effectiveSampleSize: Double
  let estimate: Double
  let nearest: Double

  /// The number of keys listed.
  private static let listed = 10

  init(_ resolved: Resolved) throws {
    guard let place = resolved.view.query else {
      throw ExplorationError(
        .badRequest, "the parameter query is missing, and attention needs a query",
        parameter: "query")
    }
    let estimator = try resolved.estimator()
    query = resolved.queries(at: [place])
    let asked = Queries.points(query)
    weights = Array(try estimator.attentionMatrix(at: asked).column(0))
    let predictions = try estimator.predict(at: asked, diagnostics: true)
    estimate = predictions.values[0]
    nearest = predictions.nearestDistances?[0] ?? .nan
    if estimator.degree == 0 {
      // Here weights are influences, so finding the largest need not visit all keys.
      let row = try estimator.weights(
        at: asked, listing: .largest(Self.listed))
      let entries = row.entries(ofQuery: 0)
      terms = entries.map { entry in
        Term(
          key: entry.key, weight: entry.weight,
          contribution: entry.weight * resolved.sample.values[entry.key])
      }
      otherCount = weights.count { $0 > 0 } - entries.count
      otherWeight = row.remainder(ofQuery: 0)
      entropy = row.entropies[0]
      effectiveSampleSize = row.effectiveSampleSizes[0]
    } else {
      let explanation = try estimator.explanation(
        ofQuery: 0, at: asked, listing: Self.listed)
      terms = explanation.terms.map {
        Term(key: $0.key, weight: $0.attention, contribution: $0.contributions[0])
      }
      otherCount = explanation.others.count
      otherWeight = explanation.others.attention
      entropy = explanation.entropy
      effectiveSampleSize = explanation.effectiveSampleSize
    }
  }
}

/// The attention of evenly spaced places over the keys, in cells.
struct AttentionCells {
  /// The queries along the picture.
  let places: [Double]
  let map: AttentionMap

  /// The largest number of cells along a side of a picture.
  fileprivate static let most = 100
}

extension Resolved {
  /// The attention map of the picture: rows are keys in ascending order, columns evenly spaced places.
  func attentionCells() throws(KernelRegressionError) -> AttentionCells {
    try execution.checkCancellation()
    let places = places(AttentionCells.most)
    let estimator = try estimator()
    let map = try estimator.attentionMap(
      at: .points(queries(at: places)), rows: AttentionCells.most, columns: places.count)
    return AttentionCells(places: places, map: map)
  }
}
