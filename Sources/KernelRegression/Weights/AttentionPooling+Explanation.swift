internal import KernelSums
internal import RealModule
internal import SimilarityKernels

extension AttentionPooling {
  /// How much of the estimate at one query each key contributes.
  ///
  /// - Parameters:
  ///   - query: which of the queries, counted from 0.
  ///   - queries: points, the keys, or each key left out in turn.
  ///   - count: the largest number of keys to list.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not
  ///   finite; under ``EmptyWindowPolicy/fail`` also if no key supports it.
  /// - Precondition: the query exists, and `count` is not negative.
  /// - Complexity: that of a whole row of attention.
  public func explanation(
    ofQuery query: Int, at queries: Queries, listing count: Int
  ) throws(KernelRegressionError) -> EstimateExplanation {
    let keys = sample.keys
    let (points, omission) = queries.resolved(for: keys)
    precondition(points.indices.contains(query), "there is no query \(query)")
    let row = try weights(
      at: queries, range: query..<query + 1, listing: AttentionSelection(threshold: 0))
    return EstimateExplanation(
      row, of: omission == .own ? keys.count - 1 : keys.count, smoother: nil, values: sample.values,
      listing: count)
  }
}

/// The weight of each value in an estimate, and the degree of the polynomial used.
struct SmootherRow {
  let degree: Int
  let entries: [(key: Int, weight: Double)]
}

extension EstimateExplanation {
  /// - Parameters:
  ///   - row: the whole attention of one query.
  ///   - keyCount: how many keys it may attend to.
  ///   - smoother: nil if the attention weights are also the weights of the values.
  init(
    _ row: AttentionWeights, of keyCount: Int, smoother: SmootherRow?, values: [[Double]],
    listing count: Int
  ) {
    let entries = row.entries(ofQuery: 0)
    let attention = Dictionary(
      entries.map { ($0.key, $0.weight) }, uniquingKeysWith: { first, _ in first })
    let sorted = (smoother?.entries ?? entries.map { (key: $0.key, weight: $0.weight) }).sorted {
      ($1.weight.magnitude, $0.key) < ($0.weight.magnitude, $1.key)
    }
    func contributions(_ entry: (key: Int, weight: Double)) -> [Double] {
      values.map { entry.weight * $0[entry.key] }
    }
    terms = sorted.prefix(count).map { entry in
      Term(
        key: entry.key, attention: attention[entry.key] ?? 0, influence: entry.weight,
        contributions: contributions(entry))
    }
    let rest = sorted.dropFirst(count)
    others = Others(
      count: rest.count, attention: Self.sum(rest.map { attention[$0.key] ?? 0 }),
      influence: Self.sum(rest.map(\.weight)),
      contributions: values.indices.map { column in
        Self.sum(rest.map { $0.weight * values[column][$0.key] })
      })
    estimates = values.indices.map { column in
      sorted.isEmpty ? .nan : Self.sum(sorted.map { $0.weight * values[column][$0.key] })
    }
    degree = smoother?.degree ?? 0
    entropy = row.entropies[0]
    greatestEntropy = .log(Double(max(1, keyCount)))
    effectiveSampleSize = row.effectiveSampleSizes[0]
  }

  private static func sum(_ terms: some Sequence<Double>) -> Double {
    var sum = CompensatedSum()
    for term in terms { sum.add(term) }
    return sum.value
  }
}
