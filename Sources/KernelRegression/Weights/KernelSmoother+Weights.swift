internal import KernelSums
internal import SimilarityKernels

extension KernelSmoother: AttentionPooling {
  /// The attention of queries over all keys: the requested keys, and for each query the entropy and
  /// effective sample size of the whole attention.
  ///
  /// - Parameters:
  ///   - queries: points, the keys, or each key left out in turn, whose own weight is 0.
  ///   - range: the queries to list; nil for all.
  ///   - selection: which keys are listed. Keys of weight 0 are listed only if it selects all keys; where
  ///     no key supports a query, the ``EmptyWindowPolicy`` decides which are listed.
  /// - Throws: ``KernelRegressionError`` if a query has the wrong number of inputs or is not
  ///   finite; under ``EmptyWindowPolicy/fail`` also if no key supports it.
  /// - Complexity: O(n·d·log n) the first time; then for each query O(k·log n) for its k largest weights
  ///   in few inputs, O(n·d) in many, and for entropy and effective sample size O(d) for each key that
  ///   has weight. For the Gaussian in one input these two take O(n + m) in all, and for the boxcar the
  ///   time of a prediction. Memory is that of the listed weights: request whole rows in parts.
  ///
  /// ## Accuracy
  /// Weights, entropies and effective sample sizes are within a relative 1e-11; a weight below 1e-300 may
  /// be 0. The keys are those of the direct engine's weights, in their order; among ties the lower row
  /// comes first.
  public func weights(
    at queries: Queries, range: Range<Int>? = nil, listing selection: AttentionSelection = .all
  ) throws(KernelRegressionError) -> AttentionWeights {
    let (points, omission) = try resolved(queries)
    return try finished { estimator throws(KernelRegressionError) in
      try estimator.weights(
        at: points, in: range ?? points.indices, omission: omission, listing: selection)
    }
  }

  /// How much of the estimate at one query each key contributes, by the row of the smoother; see
  /// ``AttentionPooling/explanation(ofQuery:at:listing:)``.
  ///
  /// - Complexity: that of a whole row of attention, and O(N²) for each key in reach of a polynomial with N
  ///   coefficients.
  public func explanation(
    ofQuery query: Int, at queries: Queries, listing count: Int
  ) throws(KernelRegressionError) -> EstimateExplanation {
    let (points, omission) = try resolved(queries)
    precondition(points.indices.contains(query), "there is no query \(query)")
    let row = try weights(
      at: queries, range: query..<query + 1, listing: AttentionSelection(threshold: 0))
    let smoother =
      row.emptyWindows.isEmpty
      ? smootherRow(of: query, among: points, leavesOutOwn: omission == .own) : nil
    return EstimateExplanation(
      row, of: omission == .own ? keys.count - 1 : keys.count, smoother: smoother, values: values,
      listing: count)
  }

  private func weights(
    at queries: Points, in range: Range<Int>, omission: Omission,
    listing selection: AttentionSelection
  ) throws(KernelRegressionError) -> AttentionWeights {
    let wanted = RowSelection(count: selection.count, threshold: selection.threshold)
    var rows = rows(of: queries, in: range, omission: omission, selection: wanted)
    try execution.checkCancellation()
    let empty = rows.indices.filter { rows[$0].isEmpty }
    let replacements = try weightsInEmptyWindows(
      empty.map { $0 + range.lowerBound }, of: queries,
      excluded: { omission == .own ? $0 : nil })
    for (row, entries) in zip(empty, replacements) {
      rows[row].entries = listed(entries, wanted)
    }
    var starts = [0]
    starts.reserveCapacity(rows.count + 1)
    for row in rows { starts.append(starts[starts.count - 1] + row.entries.count) }
    return AttentionWeights(
      keyCount: keys.count, starts: starts, keys: rows.flatMap { $0.entries.map(\.key) },
      weights: rows.flatMap { $0.entries.map(\.weight) }, entropies: rows.map(\.entropy),
      effectiveSampleSizes: rows.map(\.effectiveSize), emptyWindows: empty)
  }

  /// The selected weights of queries, before any policy.
  func rows(
    of queries: Points, in range: Range<Int>, omission: Omission, selection: RowSelection
  ) -> [WeightRow] {
    var rows = [WeightRow](repeating: .empty, count: range.count)
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      let write = { (place: Int, row: WeightRow) in rows[place] = row }
      keyWeights.forEachRow(
        of: queries, in: range, omission: omission, selection: selection, execution: execution,
        body: write)
    }
    return rows
  }

  /// The selected weights among those that a policy gives; a whole row also lists keys without weight.
  private func listed(
    _ entries: [AttentionWeights.Entry], _ selection: RowSelection
  ) -> [(key: Int, weight: Double)] {
    guard selection.isWhole else {
      return selection.applied(to: entries.lazy.map { (key: $0.key, weight: $0.weight) })
    }
    var weights = [Double](repeating: entries.isEmpty ? .nan : 0, count: keys.count)
    for entry in entries { weights[entry.key] = entry.weight }
    let all = weights.enumerated().map { (key: $0.offset, weight: $0.element) }
    return entries.isEmpty ? all : selection.applied(to: all)
  }
}
