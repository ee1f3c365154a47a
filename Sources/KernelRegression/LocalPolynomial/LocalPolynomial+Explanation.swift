internal import KernelSums
internal import RealModule
public import SimilarityKernels

extension LocalPolynomial {
  /// How much of the estimate at one query each key contributes.
  ///
  /// - Parameters:
  ///   - query: which of the queries, counted from 0.
  ///   - queries: shape `[m, d]`, in the units of the keys; finite.
  ///   - count: how many keys are listed at most.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not
  ///   finite; under ``EmptyWindowPolicy/fail`` also if no key supports it.
  /// - Precondition: there is such a query, and `count` is not negative.
  /// - Complexity: O(n·d·log n) the first time, then O(log n) for each key in reach; with N coefficients
  ///   O(N²) for each.
  public func explanation(
    ofQuery query: Int, among queries: Points, listing count: Int
  ) throws(KernelRegressionError) -> EstimateExplanation {
    precondition(queries.indices.contains(query), "there is no query \(query)")
    let row = try attention(
      at: queries, range: query..<query + 1, selection: AttentionSelection(threshold: 0))
    return explanation(row, of: query, among: queries, omission: .none, listing: count)
  }

  /// The same at a key, from all keys but itself.
  ///
  /// - Parameters: those of ``explanation(ofQuery:among:listing:)``.
  /// - Throws: ``KernelRegressionError`` under ``EmptyWindowPolicy/fail`` if the key is supported by
  ///   no other.
  public func leaveOneOutExplanation(
    ofKey key: Int, listing count: Int
  ) throws(KernelRegressionError) -> EstimateExplanation {
    precondition(keys.indices.contains(key), "there is no key \(key)")
    let row = try leaveOneOutAttention(
      ofKeys: key..<key + 1, selection: AttentionSelection(threshold: 0))
    return explanation(row, of: key, among: keys, omission: .own, listing: count)
  }

  private func explanation(
    _ row: SparseAttention, of query: Int, among queries: Points, omission: Omission,
    listing count: Int
  ) -> EstimateExplanation {
    let entries = row.entries(ofQuery: 0)
    var (degree, influences) = (0, entries.map { (key: $0.key, weight: $0.weight) })
    if self.degree > 0, row.emptyWindows.isEmpty {
      (degree, influences) = smootherRow(of: query, among: queries, omission: omission)
    }
    let attention = Dictionary(
      entries.map { ($0.key, $0.weight) }, uniquingKeysWith: { first, _ in first })
    let sorted = influences.sorted {
      ($1.weight.magnitude, $0.key) < ($0.weight.magnitude, $1.key)
    }
    func contribution(_ entry: (key: Int, weight: Double), _ column: Int) -> Double {
      entry.weight * values[column][entry.key]
    }
    let terms = sorted.prefix(count).map { entry in
      EstimateExplanation.Term(
        key: entry.key, attention: attention[entry.key] ?? 0, influence: entry.weight,
        contributions: values.indices.map { contribution(entry, $0) })
    }
    let rest = sorted.dropFirst(count)
    let others = EstimateExplanation.Others(
      count: rest.count, attention: Self.sum(rest.map { attention[$0.key] ?? 0 }),
      influence: Self.sum(rest.map(\.weight)),
      contributions: values.indices.map { column in
        Self.sum(rest.map { contribution($0, column) })
      })
    return EstimateExplanation(
      terms: Array(terms), others: others,
      estimates: values.indices.map { column in
        sorted.isEmpty ? .nan : Self.sum(sorted.map { contribution($0, column) })
      }, degree: degree, entropy: row.entropies[0], greatestEntropy: .log(Double(keys.count)),
      effectiveSampleSize: row.effectiveSampleSizes[0])
  }

  private static func sum(_ terms: some Sequence<Double>) -> Double {
    var sum = CompensatedSum()
    for term in terms { sum.add(term) }
    return sum.value
  }

  /// The weight that each value has in the estimate at one query, and the degree that served.
  private func smootherRow(
    of query: Int, among queries: Points, omission: Omission
  ) -> (degree: Int, row: [(key: Int, weight: Double)]) {
    let problem = base.problem
    let fit = Answer(CarefulFit(problem))
    problem.forEachQuery([query], of: queries, omission: omission) { _, weights in
      fit.value.fit(at: queries[query], weights: weights)
    }
    var depth = 1e4
    var isWhole = !similarity.kernel.hasLogProfile
    while fit.value.degree < degree, !isWhole, depth.isFinite {
      // Keys farther away, whose weights are none in double precision, may determine the polynomial.
      let all = Answer(false)
      problem.forEachQuery([query], of: queries, omission: omission, depth: depth) {
        _, logWeights, isWhole in
        fit.value.fit(at: queries[query], logWeights: logWeights)
        all.value = isWhole
      }
      isWhole = all.value
      depth *= 1e4
    }
    return (fit.value.degree, fit.value.smootherWeights())
  }
}

/// What the one call for a single query leaves behind.
private final class Answer<Value>: @unchecked Sendable {
  var value: Value

  init(_ value: Value) { self.value = value }
}
